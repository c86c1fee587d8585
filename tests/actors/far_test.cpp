#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>

#include "actors/wire.hpp"
#include "tests/actors/far_side.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;

namespace {

/// This program a second time, as another node that reaches ours over CAF's middleman.
class other_process {
 public:
  explicit other_process(std::uint16_t port) {
    std::array<int, 2> in{}, out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::string program = "/proc/self/exe", option{far_side_option}, number = std::to_string(port);
    std::array<char*, 4> arguments{program.data(), option.data(), number.data(), nullptr};
    const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    if (failed) throw std::runtime_error("cannot start the other process");
    in_ = ::fdopen(in[1], "w");
    out_ = ::fdopen(out[0], "r");
  }
  ~other_process() {
    std::fclose(in_);
    ::waitpid(pid_, &status_, 0);
    std::fclose(out_);
  }
  other_process(const other_process&) = delete;
  other_process& operator=(const other_process&) = delete;

  /// The packed reply; the text of an error in its place if there is none.
  template <class Message>
  std::string ask(char kind, const Message& m) {
    return say(kind + to_hex(model::pack(m)));
  }
  /// What is told to the streams that were asked for.
  case_told hear() {
    case_told out;
    model::unpack(say("n"), out);
    return out;
  }

 private:
  std::string say(const std::string& asked) {
    std::fprintf(in_, "%s\n", asked.c_str());
    std::fflush(in_);
    std::string line;
    for (int c = std::fgetc(out_); c != EOF && c != '\n'; c = std::fgetc(out_)) line += static_cast<char>(c);
    return line.starts_with("error") ? line : from_hex(line);
  }

  pid_t pid_ = 0;
  int status_ = 0;
  FILE* in_ = nullptr;
  FILE* out_ = nullptr;
};

struct two_nodes : world {
  two_nodes() : world(schedule::threads), afar(publish()) {}
  std::string near(const asked& a) { return pack_reply({a.reply()}); }
  std::string far(const caller& who, case_id id, case_request what, conditions given = {}) {
    return afar.ask('c', ask_case{who, org, id, std::move(given), std::move(what)});
  }
  std::string far(const caller& who, org_request what) {
    return afar.ask('o', actors::ask_org{who, org, {}, what});
  }
  static const answer& accepted(const std::string& packed, reply_message& into) {
    unpack_reply(packed, into);
    return std::get<answer>(into.what);
  }
  other_process afar;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(another_process, two_nodes)

BOOST_AUTO_TEST_CASE(gets_the_same_answers_and_refusals_byte_for_byte) {
  const std::string text = "Shared \xf0\x9f\x8f\xa0 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d e\xcc\x81";
  reply_message r;
  const auto made = accepted(far(fay, north_case, note(text)), r);
  BOOST_TEST(made.kind == answer_kind::created);
  BOOST_TEST(stored(north_case).find(note_id{made.made.value()})->body == text);
  ask(admin, north_case, note("SECRET-WORDS", stream::professional)).answer();

  for (const auto& who : {admin, manager, fay, connie, outsider})
    for (const case_request& what : std::vector<case_request>{view_workspace{}, view_team{}, view_notes{},
                                                              view_notes{stream::professional, {}}}) {
      const auto here = near(ask(who, north_case, what));
      BOOST_TEST((far(who, north_case, what) == here));
      BOOST_TEST((here.find("SECRET-WORDS") != std::string::npos) <=
                 (who.user == admin.user || who.user == manager.user));
    }
  BOOST_TEST(
      (far(manager, south_case, view_workspace{}) == near(ask(manager, south_case, view_workspace{}))));
  BOOST_TEST(
      (far(fay, case_id{ids.next()}, view_workspace{}) == near(ask(fay, south_case, view_workspace{}))));
  for (const auto& who : {admin, manager, fay})
    for (const org_request& what :
         std::vector<org_request>{view_organisation{}, view_billing{}, view_members{}, view_properties{},
                                  view_tenancies{}, org_command{open_case{north_tenancy, {}, {}}}})
      BOOST_TEST((far(who, what) == near(ask_org(who, what))));
}

BOOST_AUTO_TEST_CASE(brings_its_conditions_along) {
  const conditions key{"r", {}, {}, "k", "f"};
  const auto once = far(fay, north_case, note("once"), key);
  BOOST_TEST((far(fay, north_case, note("once"), key) == once));
  BOOST_TEST((near(ask(fay, north_case, note("once"), key)) == once));
  const auto etag = ask(fay, north_case, view_workspace{}).answer().etag;
  reply_message r;
  BOOST_TEST(accepted(far(fay, north_case, view_workspace{}, {"r", {}, etag, {}, ""}), r).kind ==
             answer_kind::not_modified);
}

BOOST_AUTO_TEST_CASE(R16_hears_what_changes_until_access_ends) {
  const auto ear = ids.next();
  reply_message r;
  const auto opened = accepted(far(fay, north_case, watch_events{ear, false, 0}), r).etag;
  BOOST_TEST(opened == ask(fay, north_case, view_workspace{}).answer().etag);
  ask(admin, north_case, note("SECRET-WORDS", stream::professional)).answer();
  auto told = afar.hear();
  BOOST_TEST(told.kinds.empty());
  BOOST_TEST(told.version == opened);
  ask(admin, north_case, note("hello")).answer();
  told = afar.hear();
  BOOST_TEST((told.streams == std::vector{ear}));
  BOOST_TEST((told.kinds == std::vector<std::string>{"note.created"}));
  BOOST_TEST(told.version == ask(fay, north_case, view_workspace{}).answer().etag);
  ask(admin, north_case, case_command{end_assignment{row_of(north_case, "fay@support.example")}}).answer();
  BOOST_TEST((afar.hear().what == case_news::ended));
}

BOOST_AUTO_TEST_CASE(R36_is_told_what_unlocks_the_feature) {
  set_tier("business");
  tell_organisation_changed();
  // Nobody is told when the organisation has heard it: asked until it has.
  while (ask(admin, north_case, view_workspace{}).reply().index() == 0) {
  }
  const auto here = near(ask(admin, north_case, view_workspace{}));
  BOOST_TEST((far(admin, north_case, view_workspace{}) == here));
  reply_message r;
  unpack_reply(here, r);
  BOOST_TEST(std::get<refusal>(r.what).code == refusal_code::upgrade_required);
  BOOST_TEST((far(fay, north_case, view_workspace{}) == near(ask(fay, north_case, view_workspace{}))));
}

BOOST_AUTO_TEST_SUITE_END()
