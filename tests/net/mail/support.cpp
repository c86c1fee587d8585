#include "tests/net/mail/support.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace mail_tests {
namespace {

const std::string here = std::string(KEYWORK_SOURCE_DIR) + "/tests/net/mail/";

struct child {
  pid_t process;
  int input, output;
};

child start(const std::vector<std::string>& command) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    execv(words[0], words.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  return {process, in[1], out[0]};
}

}  // namespace

temporary_folder::temporary_folder() {
  auto name = (std::filesystem::temp_directory_path() / "keywork-mail-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}
temporary_folder::~temporary_folder() { std::filesystem::remove_all(path_); }

std::vector<std::string> temporary_folder::mails() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    if (entry.path().extension() == ".eml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string run(const std::vector<std::string>& command) {
  const auto c = start(command);
  close(c.input);
  std::string out;
  char piece[4096];
  for (ssize_t n; (n = read(c.output, piece, sizeof piece)) > 0;)
    out.append(piece, static_cast<std::size_t>(n));
  close(c.output);
  int status = 0;
  waitpid(c.process, &status, 0);
  if (status != 0) throw std::runtime_error(command.front() + " failed");
  return out;
}

boost::json::object read_by_python(const std::filesystem::path& eml) {
  return boost::json::parse(run({"/usr/bin/python3", here + "mail_reader.py", eml.string()})).as_object();
}

smtp_sink::smtp_sink(const std::filesystem::path& folder, const std::vector<std::string>& options) {
  std::vector<std::string> command{"/usr/bin/python3", here + "smtp_sink.py", folder.string()};
  command.insert(command.end(), options.begin(), options.end());
  const auto c = start(command);
  process_ = c.process;
  input_ = c.input;
  std::string line;
  for (char byte; read(c.output, &byte, 1) == 1 && byte != '\n';) line += byte;
  close(c.output);
  if (line.empty()) throw std::runtime_error("the SMTP sink did not start: is python3-aiosmtpd installed?");
  port_ = static_cast<std::uint16_t>(std::stoi(line));
}

smtp_sink::~smtp_sink() {
  close(input_);  // its standard input ends, and so does it
  waitpid(process_, nullptr, 0);
}

resend_stub::resend_stub(const std::filesystem::path& folder, const std::string& script,
                         const std::vector<std::string>& options)
    : folder_(folder) {
  std::vector<std::string> command{"/usr/bin/python3", here + "resend_stub.py", folder.string(), "--script",
                                   script};
  command.insert(command.end(), options.begin(), options.end());
  const auto c = start(command);
  process_ = c.process;
  input_ = c.input;
  std::string line;
  for (char byte; read(c.output, &byte, 1) == 1 && byte != '\n';) line += byte;
  close(c.output);
  if (line.empty()) throw std::runtime_error("the stub did not start");
  port_ = static_cast<std::uint16_t>(std::stoi(line));
}

resend_stub::~resend_stub() {
  close(input_);  // its standard input ends, and so does it
  waitpid(process_, nullptr, 0);
}

boost::json::object resend_stub::request(int n) const {
  return boost::json::parse(contents_of(folder_ / (std::to_string(n) + ".json"))).as_object();
}
int resend_stub::requests() const {
  int n = 0;
  while (std::filesystem::exists(folder_ / (std::to_string(n) + ".json"))) ++n;
  return n;
}
boost::json::array resend_stub::mails() const {
  const auto text = contents_of(folder_ / "mails.json");
  return text.empty() ? boost::json::array{} : boost::json::parse(text).as_array();
}

void make_certificate(const std::filesystem::path& folder, const std::string& host) {
  const bool literal = host.find_first_not_of("0123456789.") == std::string::npos;
  run({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
       "-nodes", "-days", "2", "-subj", "/CN=" + host, "-addext",
       std::string("subjectAltName=") + (literal ? "IP:" : "DNS:") + host, "-keyout",
       (folder / (host + ".key")).string(), "-out", (folder / (host + ".pem")).string()});
}

scripted_server::scripted_server(std::vector<std::string> script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 1) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

scripted_server::~scripted_server() {
  shutdown(listener_, SHUT_RDWR);  // in case nobody came
  if (thread_.joinable()) thread_.join();
  close(listener_);
}

std::string scripted_server::heard() {
  if (thread_.joinable()) thread_.join();
  return heard_;
}

/// False where the conversation is over.
bool scripted_server::say(const std::string& entry) {
  if (entry == "close") return false;
  if (entry == "silence") return true;
  if (entry == "drip") {
    pollfd gone{connection_, POLLIN | POLLRDHUP, 0};
    do {
      if (send(connection_, "2", 1, MSG_NOSIGNAL) < 0) return false;
    } while (poll(&gone, 1, 10) == 0 || !(gone.revents & (POLLRDHUP | POLLHUP | POLLERR)));
    return false;
  }
  return send(connection_, entry.data(), entry.size(), MSG_NOSIGNAL) >= 0;
}

void scripted_server::serve() {
  connection_ = accept(listener_, nullptr, nullptr);
  if (connection_ < 0) return;
  auto next = script_.begin();
  bool content = false, more = next == script_.end() || say(*next++);
  std::size_t answered = 0;
  char piece[4096];
  while (more) {
    const auto n = recv(connection_, piece, sizeof piece, 0);
    if (n <= 0) break;
    heard_.append(piece, static_cast<std::size_t>(n));
    while (more && next != script_.end()) {
      const std::string end = content ? "\r\n.\r\n" : "\r\n";
      const auto at = heard_.find(end, answered);
      if (at == std::string::npos) break;
      answered = at + end.size();
      content = next->starts_with("354");
      more = say(*next++);
    }
  }
  close(connection_);
}

actors::outgoing_mail an_invite() {
  using namespace std::chrono;
  return {"01931f0e-7c00-7000-8000-00000000002a",
          "priya@example.org",
          "Priya Nair",
          "invite",
          {{"full_name", "Priya Nair"},
           {"organisation", "North Homes"},
           {"invited_by", "Sam O'Neill"},
           {"link", "https://keywork.example/invite?token=abc&x=1"},
           {"expires", "2026-11-28T09:30:00Z"}},
          model::instant{sys_days{2026y / November / 21}} + 9h + 30min + 123456us};
}

net::mail::smtp_settings local(std::uint16_t port) {
  net::mail::smtp_settings s;
  s.host = "127.0.0.1";
  s.port = port;
  s.security = net::mail::smtp_security::none;
  s.from = {"no-reply@keywork.example", "Keywork"};
  using std::chrono::milliseconds;
  s.limits = {milliseconds{20'000}, milliseconds{20'000}, milliseconds{60'000}};
  return s;
}

}  // namespace mail_tests
