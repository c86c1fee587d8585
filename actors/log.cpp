#include "actors/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "model/clock.hpp"
#include "model/json.hpp"
#include "model/utf8.hpp"

namespace actors::log {
namespace {

spdlog::logger& logger() {
  static const auto the_logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("keywork", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::info);
    made->flush_on(spdlog::level::warn);
    return made;
  }();
  return *the_logger;
}

spdlog::level::level_enum as_spdlog(level at) {
  switch (at) {
    case level::debug:
      return spdlog::level::debug;
    case level::info:
      return spdlog::level::info;
    case level::warning:
      return spdlog::level::warn;
    case level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

constexpr std::string_view names[] = {"debug", "info", "warning", "error"};

}  // namespace

bool set_level(std::string_view name) {
  for (const auto at : {level::debug, level::info, level::warning, level::error})
    if (names[static_cast<int>(at)] == name) {
      logger().set_level(as_spdlog(at));
      return true;
    }
  return false;
}

bool enabled(level at) { return logger().should_log(as_spdlog(at)); }

void write(level at, std::string_view event, std::initializer_list<field> fields) {
  if (!enabled(at)) return;
  std::string line = "{\"time\":";
  model::write_json(line, model::system_clock().now());
  line += ",\"level\":\"";
  line += names[static_cast<int>(at)];
  line += "\",\"event\":";
  model::write_json(line, event);
  for (const auto& f : fields) {
    line += ',';
    model::write_json(line, f.name);
    line += ':';
    std::visit(
        [&](const auto& v) {
          // What comes from outside may be no UTF-8, and a log line has to be JSON all the same.
          if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string_view>)
            model::write_json(line, model::is_clean_text(v) ? v : std::string_view{"(not text)"});
          else
            model::write_json(line, v);
        },
        f.value);
  }
  line += '}';
  logger().log(as_spdlog(at), line);
}

}  // namespace actors::log
