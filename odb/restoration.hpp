#pragma once
#include <filesystem>
#include <string>

#include "model/time.hpp"
#include "odb/pg.hpp"

namespace store {

/// Brings a dump into an empty database. From its first step to finish() the database holds a mark, and until
/// then nobody may work with it: what the dump holds may have been erased since (refuse_half_restored).
/// Interrupted anywhere, kill -9 included, it can be begun again with the same backup and goes on where it
/// was.
class restoration {
 public:
  /// Makes the roles and the schema where missing, and the mark. `backup` is the backup's own hash, by which
  /// it is known again; `name` is for people. Throws cluster_error where there is data already, where another
  /// backup was half restored, or while somebody works with the database.
  restoration(const std::string& owner_conninfo, const std::string& backup, const std::string& name);

  /// Whether an earlier attempt brought the dump in.
  bool is_loaded() const { return loaded_; }
  /// The whole of it or nothing. Throws cluster_error.
  void load(const std::filesystem::path& dump, const progress& say);
  /// Carries out an entry of the ledger of erasures once more, as each_erasure() gave it; false for what is
  /// none.
  bool erase_again(const std::string& entry);
  struct ended {
    long sessions = 0;
    long links = 0;
    long tokens = 0;  // bearer tokens that are good, and stay so: nobody can tell which of them were revoked
  };
  /// What opened a door when the backup was made, and was perhaps ended or used since, opens none: browsers
  /// sign in anew, and invites are sent again. `now` as in hold_back().
  ended end_logins(model::instant now);
  /// What was on its way out when the backup was made, and perhaps went out since, does not go again by
  /// itself: mails stand among the failed ones, to be sent by hand, and digests that were due before `now`
  /// are not sent. (A signing service is asked anyway whether it has a document.) Answers how many mails are
  /// held. `now` is the machine's time; where a rehearsal has come further, that counts.
  long hold_back(model::instant now);
  /// Takes the mark away.
  void finish();

  sql_connection& connection() { return connection_; }

 private:
  /// `now`, or the rehearsal's time where that is later.
  std::string moment(model::instant now);

  std::string conninfo_;
  sql_connection connection_;
  bool loaded_ = false;
};

/// Throws cluster_error for a database that a restore has begun and not finished. `conninfo`: anybody's.
void refuse_half_restored(const std::string& conninfo);

}  // namespace store
