// Walk lists as a phone meets them: which are its own, taking one out, downloading it whole, handing it back.
//
// A list is a phone's own when its leader is the phone's member, or that member's leader.
// Thread safety: as the transaction's.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/phone_store.h"
#include "services/rpc/paging.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

// A phone has a list for so long, and again from each time that it takes it.
inline constexpr absl::Duration kCheckoutLife = absl::Hours(12);
inline constexpr char kMyWalkLists[] = "my_walk_lists";

absl::StatusOr<v1::ListMyWalkListsResponse> ListMine(db::Transaction& transaction, base::MemberId member,
                                                     const rpc::Page& page);

// INVALID_ARGUMENT LIST_NUMBER_MISTYPED; NOT_FOUND; PERMISSION_DENIED NOT_YOUR_LIST; FAILED_PRECONDITION LIST_REVOKED.
absl::StatusOr<v1::CheckOutWalkListResponse> CheckOutMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                          const std::string& list_number);

// The list that the phone has out, with a change token that goes on where the data of the answer ends: the transaction
// must see one snapshot. Written to the audit log. FAILED_PRECONDITION NOT_CHECKED_OUT or LIST_REVOKED, and as above.
absl::StatusOr<v1::DownloadWalkListResponse> Download(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                      const std::string& list_number);

// Also for a list that was revoked meanwhile. Repeating it does no harm.
absl::Status ReturnMine(db::Transaction& transaction, const db::PhoneAtTime& phone, const std::string& list_number);

}  // namespace snowfield::canvass
