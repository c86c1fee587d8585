#pragma once
// What is said about open streams of a case's events. A stream asks with `watch_events`
// (actors/messages.hpp); whoever sent that is told, until the stream leaves or its access ends.
#include <string>
#include <vector>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace actors {

enum class case_news {
  changed,    ///< kinds of events that these streams may know of; with none, their view alone is another
  ended,      ///< they may not see the case any more, and are told nothing from now on
  ask_again,  ///< they are not watching any more, and are to ask whether they still may
  left        ///< the case has left the memory: they are not watching any more, and may ask again
};
BOOST_DESCRIBE_ENUM(case_news, changed, ended, ask_again, left)

/// Told by a case to who opened these streams, all of them of the same view.
struct case_told {
  case_news what = case_news::changed;
  std::vector<model::uuid> streams;
  /// The ETag of the workspace as they see it now; empty where that is not known.
  std::string version;
  std::vector<std::string> kinds;
};
BOOST_DESCRIBE_STRUCT(case_told, (), (what, streams, version, kinds))

/// The stream has gone.
struct unwatch {
  model::case_id of_case;
  model::uuid stream;
};
BOOST_DESCRIBE_STRUCT(unwatch, (), (of_case, stream))

/// Somebody's standing in the organisation may be another: whoever watches has to ask again.
struct readmit_watchers {};
BOOST_DESCRIBE_STRUCT(readmit_watchers, (), ())

}  // namespace actors
