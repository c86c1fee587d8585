#pragma once
#include <set>
#include <string>

#include "actors/mail_transport.hpp"
#include "net/mail/smtp_settings.hpp"
#include "net/mail/smtp_wire.hpp"

namespace net::mail {

/// What the server made of the mail.
struct submission {
  actors::delivery_outcome verdict;
  std::string
      text;  ///< for operators: the step, the server's code, and its words where they can hold no secret
};

/// One connection, one mail: greeting, EHLO, STARTTLS and AUTH as the settings ask, then the mail.
class smtp_session {
 public:
  /// Connects. Throws wire_failure or Poco::Exception.
  smtp_session(const smtp_settings& settings, const Poco::Net::Context::Ptr& context);

  /// Both must have been checked: a wire address, a composed message. Throws wire_failure or Poco::Exception
  /// for whatever breaks; a failure after the last dot leaves open whether the server has the mail.
  submission submit(const std::string& recipient, const std::string& message);
  /// Whether the server may have the mail although it has not said so.
  bool is_in_doubt() const { return in_doubt_; }

 private:
  smtp_reply reply();
  smtp_reply command(std::string_view line);
  void greet();
  void say_hello();
  void secure();
  void authenticate();
  submission hand_over(const std::string& recipient, const std::string& message);

  const smtp_settings& settings_;
  Poco::Net::Context::Ptr context_;
  wire_deadline until_;
  smtp_wire wire_;
  bool in_doubt_ = false;
  /// In capitals, each keyword alone and each with its parameter: "AUTH", "AUTH PLAIN".
  std::set<std::string> extensions_;
};

}  // namespace net::mail
