#include <iostream>

#include "net/cli/commands.hpp"
#include "net/openapi.hpp"

namespace net::cli {

void add_openapi(command_line& to) {
  to.add_plain("openapi", "Print the API's description (OpenAPI 3.1)", [] {
    std::cout << *openapi_document().text << std::endl;
    return 0;
  });
}

void add_version(command_line& to) {
  to.add_plain("version", "Print the version", [] {
    std::cout << "keywork " KEYWORK_VERSION << std::endl;
    return 0;
  });
}

}  // namespace net::cli
