// Scripts: what a canvasser says and asks at a door, as the JSON form of snowfield.canvass.v1.Script.
// Thread safety: as the transaction's.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// For a new campaign. Repeating it changes nothing.
absl::Status InstallDefaultScript(Transaction& transaction);

// The campaign's newest script as JSON; empty where it has none.
absl::StatusOr<std::string> CurrentScript(Transaction& transaction);

}  // namespace snowfield::db
