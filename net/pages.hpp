#pragma once
#include <string>
#include <string_view>

#include "net/openapi.hpp"

/// The plain pages: HTML without scripts. Whatever they are given is escaped.
namespace net::pages {

/// Asks for a link. `trouble` says what went wrong before; empty if nothing did.
std::string login(std::string_view email = {}, std::string_view trouble = {});
/// The button that redeems a link; asks for the address too where this browser did not ask for the link
/// (R37).
std::string redeem(std::string_view token, bool ask_address, std::string_view trouble = {});
/// The mail is on its way, if the address is known.
std::string check_mail(std::string_view email);
/// Who is signed in: from the JSON of `GET /api/v1/me`. @throws std::runtime_error if it is none.
std::string home(std::string_view me);
/// Something did not work out.
std::string trouble(std::string_view title, std::string_view text);

const fixed_text& style_sheet();

}  // namespace net::pages
