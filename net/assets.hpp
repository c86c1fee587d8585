#pragma once

#include <string_view>

namespace net {

/// The text of a file that the build embedded from net/mail/templates or net/web/pages, by its path below
/// net/, e.g. "mail/templates/invite.txt.mustache". Lives as long as the program.
/// Throws std::out_of_range, naming the path, where there is none.
std::string_view asset(std::string_view path);

}  // namespace net
