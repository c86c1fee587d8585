#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/digest.hpp"
#include "model/time.hpp"
#include "odb/rows.hpp"

namespace actors {

using store::mailed_document;

/// A mail as the outbox gives it: what to say is a template and its fields; the edge makes the words.
struct outgoing_mail {
  /// A uuid as text. Becomes the local part of Message-ID: the same on every attempt, so that a reader can
  /// tell that two copies are one mail.
  std::string id;
  std::string to_address, to_name;
  std::string template_name;
  /// By name, UTF-8. Which template needs which fields, and in which form, says net/mail/render.hpp.
  std::vector<std::pair<std::string, std::string>> fields;
  /// When the event that caused the mail happened. Becomes the Date header.
  model::instant written_at;
  /// What goes along as PDF.
  std::optional<mailed_document> document = {};
  /// What a housing officer is told, for the mail that is made of it.
  std::optional<model::digest> digest = {};
  /// What the provider is to recognise the mail by: the same on every attempt, until somebody has it sent
  /// again by hand after it failed.
  std::string key = {};
};

enum class delivery_outcome {
  sent,       ///< the next hop has taken responsibility
  try_later,  ///< nothing wrong with this mail: the way was blocked, or the service is set up wrongly
  refused     ///< this mail will never go: trying again changes nothing
};

struct delivery {
  delivery_outcome outcome;
  /// For operators: what happened and what to do. Never holds the mail's text, a link or a password.
  std::string detail;
  /// What the next hop calls the mail, where it gives it a name.
  std::string provider_id = {};
  /// Of `try_later`: the mail may have been taken all the same, nobody can say.
  bool unsure = false;
  /// Of `try_later`: when to come again, where the other side said so.
  std::optional<std::chrono::seconds> again_in = {};
};

/// A way out for mails.
class mail_transport {
 public:
  virtual ~mail_transport() = default;
  /// Blocks, but never longer than the transport's own time limits. Never throws for what the network, the
  /// server or the mail's content does. `try_later` may follow a mail that did arrive (at least once).
  virtual delivery deliver(const outgoing_mail& mail) = 0;
  /// How long it wants to be left alone before the next mail, whichever that is. In real time.
  virtual std::chrono::milliseconds pause() const { return {}; }
  /// For how long it recognises a mail that it was given before, by its key, so that giving it again does no
  /// harm. Nothing: that question does not arise here (it never does, or always).
  virtual std::optional<std::chrono::hours> memory() const { return std::nullopt; }
};

}  // namespace actors
