// What ScriptService does: checks, stores and shows scripts, and gives phones the one of now.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "services/canvass/script_wire.h"
#include "services/rpc/paging.h"
#include "snowfield/canvass/v1/script.pb.h"

namespace snowfield::canvass {

inline constexpr char kScriptsPage[] = "scripts";

// INVALID_ARGUMENT naming "script", reason SCRIPT_UNSOUND, with the first problems in the message, unless
// validate_only.
absl::StatusOr<v1::SetScriptResponse> SetScript(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::SetScriptRequest& request);
// NOT_FOUND naming "script_id".
absl::StatusOr<v1::GetScriptResponse> GetScript(db::Transaction& transaction, const v1::GetScriptRequest& request);
absl::StatusOr<v1::ListScriptsResponse> ListScripts(db::Transaction& transaction, const rpc::Page& page);

// The campaign's newest script in the best of these languages, with its script_id; empty where it has none.
absl::StatusOr<v1::Script> ScriptForPhone(db::Transaction& transaction, const Languages& languages);

}  // namespace snowfield::canvass
