// Scripts: what a canvasser says and asks at a door, in versions that are never changed.
//
// A version is kept as it was written (JSON form of snowfield.canvass.v1.ScriptDraft) and as the wire has it in its
// first language (of Script, without script_id and version, which are columns). Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// For a new campaign. Repeating it changes nothing.
absl::Status InstallDefaultScript(Transaction& transaction);

struct ScriptBody {
  base::ScriptId script;
  std::string body;  // JSON
};
// The campaign's newest; empty where it has none.
absl::StatusOr<ScriptBody> CurrentScript(Transaction& transaction);

struct StoredScript {
  base::ScriptId script;
  std::string name;
  int version = 0;
  std::string source;  // JSON
  absl::Time create_time;
};
// This version; the newest where `script` is none. Nothing where there is none such.
absl::StatusOr<std::optional<StoredScript>> FindScript(Transaction& transaction, base::ScriptId script);

// The bodies of those of these versions that there are.
absl::StatusOr<std::vector<std::pair<base::ScriptId, std::string>>> FindScriptBodies(
    Transaction& transaction, const std::vector<base::ScriptId>& scripts);

struct NewScript {
  std::string name;
  std::string source;  // JSON
  std::string body;    // JSON
  base::MemberId member;
};
struct StoredVersion {
  base::ScriptId script;
  int version = 0;
  bool is_new = false;
};
// The next version of its name. Where the campaign's newest has the same source, that one, and nothing is stored.
// Writers of a campaign wait for each other.
absl::StatusOr<StoredVersion> InsertScript(Transaction& transaction, const NewScript& script);

struct ScriptRow {
  base::ScriptId script;
  std::string name;
  int version = 0;
  absl::Time create_time;
  int questions = 0;
  std::vector<std::string> languages;
  int64_t knocks = 0;  // that answered to this version
};
// The newest first, below `below`; from the newest on where that is none.
absl::StatusOr<std::vector<ScriptRow>> ListScripts(Transaction& transaction, base::ScriptId below, int count_max);

}  // namespace snowfield::db
