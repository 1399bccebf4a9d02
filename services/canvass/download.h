// Download: a walk list as a phone takes it along: whole, or in pages of doors that go on where a cut connection
// stopped.
//
// A list has a version: the same for all phones, and another one whenever something on it changes that the phone holds
// (doors, addresses, people, script), but not with each knock. All pages of a download are of one version; the results
// that they show may be newer than the change token of the first page, which does no harm: changes say what a door is
// now.
// Thread safety: as the transaction's.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "db/store/phone_store.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr int kDownloadPageDoorsMax = 500;

// The list that the phone has out. The transaction must see one snapshot. The first page is written to the audit log.
// INVALID_ARGUMENT LIST_NUMBER_MISTYPED, PAGE_SIZE_OUT_OF_RANGE, PAGE_TOKEN_INVALID; NOT_FOUND; PERMISSION_DENIED
// NOT_YOUR_LIST; FAILED_PRECONDITION NOT_CHECKED_OUT, LIST_REVOKED, and FETCH_AGAIN where the list has changed since
// the first page.
absl::StatusOr<v1::DownloadWalkListResponse> Download(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                      const v1::DownloadWalkListRequest& request);

}  // namespace snowfield::canvass
