// The baseline of the hot workspace: the same listener, answering every request with the bytes of one file.
// Usage: bench_constant FILE [NAME=VALUE…], the latter being headers of the answer. Ends on SIGTERM or
// SIGINT.
#include <signal.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "net/http/listener.hpp"

namespace {

net::http::response answer_from(int argc, char** argv) {
  std::ifstream in(argv[1], std::ios::binary);
  net::http::response answer;
  answer.body = std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                                    std::istreambuf_iterator<char>());
  if (answer.body->empty()) throw std::runtime_error(std::string("there is nothing to answer in ") + argv[1]);
  for (int i = 2; i < argc; ++i) {
    const std::string pair = argv[i];
    const auto equals = pair.find('=');
    if (equals == std::string::npos) throw std::runtime_error("a header is NAME=VALUE, not " + pair);
    answer.headers.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
  }
  return answer;
}

void serve(const net::http::response& constant) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  net::http::listener* here = nullptr;
  net::http::listener listener(
      {}, [&](net::http::exchange to, net::http::request&&) { here->answer(to, constant); });
  here = &listener;
  listener.start();
  std::cout << "constant is ready at http://127.0.0.1:" << listener.port() << std::endl;
  int signal = 0;
  sigwait(&stop, &signal);
  listener.stop();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: bench_constant FILE [NAME=VALUE...]" << std::endl;
    return 2;
  }
  try {
    serve(answer_from(argc, argv));
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "bench_constant: " << e.what() << std::endl;
    return 1;
  }
}
