// Phones: enrolment by a one-time code, and the walk lists that a phone has out.
// Thread safety: as the transaction's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct EnrolledPhone {
  base::PhoneId phone;
  base::MemberId member;
};
struct CodeUse {
  std::string_view code_hash;  // 32 bytes
  std::string_view label;      // at most 100 characters
  absl::Time now;
};
// Uses up the code and makes the phone; nothing where the code is unknown, used or expired. Of many callers at once
// with the same code exactly one gets a phone.
absl::StatusOr<std::optional<EnrolledPhone>> UseEnrolmentCode(Transaction& transaction, const CodeUse& use);

struct WalkListRow {
  base::WalkListId walk_list;
  std::string list_number;
  int door_count = 0;
  int doors_done = 0;  // with a knock on this list that stands
  double walk_length_m = 0;
  int phones_out = 0;     // phones that have it out now
  bool out_here = false;  // the asking phone is one of them
};

struct PhoneAtTime {
  base::MemberId member;
  base::PhoneId phone;
  absl::Time now;
};
// The current lists that the phone's member may walk: their own and their leader's, by id, at most `count_max` after
// `after`.
absl::StatusOr<std::vector<WalkListRow>> ListWalkListsOf(Transaction& transaction, const PhoneAtTime& phone,
                                                         base::WalkListId after, int count_max);

struct WalkListForPhone {
  base::WalkListId walk_list;
  base::TurfId turf;
  int turf_number = 0;
  int door_count = 0;
  bool revoked = false;
  bool mine = false;                               // the member's own, or their leader's
  std::optional<absl::Time> checkout_expire_time;  // set while this phone has it out
  bool was_out = false;                            // this phone has it out, or had
};
// NOT_FOUND naming "list_number" where no list of the campaign has this number.
absl::StatusOr<WalkListForPhone> FindWalkList(Transaction& transaction, std::string_view list_number,
                                              const PhoneAtTime& phone);

// Takes the list until `expire_time`, or moves the end of a checkout that is not returned.
absl::Status CheckOut(Transaction& transaction, base::WalkListId walk_list, const PhoneAtTime& phone,
                      absl::Time expire_time);
// Ends what other phones have out of the list; which these were.
absl::StatusOr<std::vector<base::PhoneId>> TakeOverList(Transaction& transaction, base::WalkListId walk_list,
                                                        const PhoneAtTime& phone);
// Repeating it does no harm.
absl::Status ReturnList(Transaction& transaction, base::WalkListId walk_list, const PhoneAtTime& phone);

}  // namespace snowfield::db
