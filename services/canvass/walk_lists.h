// Walk lists as a phone meets them: which are its own, taking one out or over, handing it back.
//
// A list is a phone's own when its leader is the phone's member, or that member's leader. Several phones may have one
// out at once and see each other's doors. A phone has a list for kCheckoutLife, and again from each time that it takes
// it. Thread safety: as the transaction's.
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

inline constexpr absl::Duration kCheckoutLife = absl::Hours(12);
inline constexpr char kMyWalkLists[] = "my_walk_lists";

struct MyWalkList {
  std::string number;  // eight digits
  db::WalkListForPhone list;
};
// INVALID_ARGUMENT LIST_NUMBER_MISTYPED; NOT_FOUND; PERMISSION_DENIED NOT_YOUR_LIST; FAILED_PRECONDITION LIST_REVOKED.
absl::StatusOr<MyWalkList> FindMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                    const std::string& list_number);

absl::StatusOr<v1::ListMyWalkListsResponse> ListMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                     const rpc::Page& page);

// Takes the list out or renews the time. With take_over the phones that had it out have it no longer, and are told so;
// written to the audit log. Errors as FindMine(). Its last statement may number changes: commit at once.
absl::StatusOr<v1::CheckOutWalkListResponse> CheckOutMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                          const v1::CheckOutWalkListRequest& request);

// Also for a list that was revoked meanwhile. Repeating it does no harm.
absl::Status ReturnMine(db::Transaction& transaction, const db::PhoneAtTime& phone, const std::string& list_number);

}  // namespace snowfield::canvass
