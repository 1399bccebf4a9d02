// Enrolment: a one-time code becomes a phone with a token of its own.
// Thread safety: as the pool's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "db/store/enrolment_guard_store.h"
#include "services/access/caller.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr absl::Duration kPhoneTokenLife = absl::Hours(24 * 180);
inline constexpr int kPhoneLabelCharactersMax = 100;
inline constexpr int kEnrolmentCodeBytesMax = 100;

// Guesses of codes of the short form, which has 40 bits. The limits are counted in the database: they hold over all
// servers, and over restarts. A year of guessing at the campaign's limit finds one of 100 codes that are out at any
// time with a chance of 1 in 12,000; codes of the long form have 80 bits, are not counted, and go on working under a
// lock.
inline constexpr db::FailureLimit kTypedFailuresPerSource = {
    .failures = 5, .window = absl::Minutes(15), .lock = absl::Minutes(15)};
inline constexpr db::FailureLimit kTypedFailuresPerCampaign = {
    .failures = 100, .window = absl::Hours(1), .lock = absl::Hours(1)};

// The caller has no token yet: the code proves who they are. A wrong, used or expired code gets one and the same
// answer, UNAUTHENTICATED with reason ENROLMENT_CODE_INVALID. Of many with one code at once, one gets a phone. A code
// of the short form after too many wrong ones, right or not: RESOURCE_EXHAUSTED with reason ENROLMENT_LOCKED; the lock
// is in the audit log.
absl::StatusOr<v1::EnrolPhoneResponse> Enrol(db::Pool& pool, const access::Call& call,
                                             const v1::EnrolPhoneRequest& request, absl::Time now);

}  // namespace snowfield::canvass
