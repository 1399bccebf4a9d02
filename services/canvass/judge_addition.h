// JudgeAddition: a person decides about a door or people that were found in the field (services/canvass/additions.h).
//
// Accepted people are behind their door at once, and the lists with that door are changed. An accepted door is on the
// map, and one of the cut of its turf, set aside; it comes into the turf by an edit, which PutBackDoor makes after the
// commit: the walk, the ground and the lists are the turf service's to change. Thread safety: as the transaction's.
#pragma once

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/canvass/v1/review.pb.h"

namespace snowfield::canvass {

// Puts a door that is set aside in a cut back into its turf, as an edit by hand does. Called again for the same door
// and edit it changes nothing.
struct DoorAside {
  base::CutId cut;
  base::DoorId door;
  base::Uuid edit;  // names the edit
};
using PutBackDoor = std::function<absl::Status(const access::Call& call, const DoorAside& door)>;

absl::StatusOr<v1::ListAdditionsResponse> ListFound(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::ListAdditionsRequest& request);

struct JudgedAddition {
  v1::JudgeAdditionResponse response;
  std::optional<DoorAside> aside;  // to be put back after the commit
};
// Written to the audit log. INVALID_ARGUMENT ADDITION_ID_INVALID, VERDICT_MISSING, REASON_MISSING, TOO_LONG,
// TEXT_INVALID; NOT_FOUND; PERMISSION_DENIED NOT_YOUR_BRANCH, OWN_ADDITION; FAILED_PRECONDITION ALREADY_JUDGED,
// DOOR_EXISTS. Its last statement may number changes: commit at once.
absl::StatusOr<JudgedAddition> JudgeFound(db::Transaction& transaction, const access::Caller& caller,
                                          const v1::JudgeAdditionRequest& request, absl::Time now);

}  // namespace snowfield::canvass
