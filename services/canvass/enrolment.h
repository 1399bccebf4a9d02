// Enrolment: a one-time code becomes a phone with a token of its own.
// Thread safety: as the pool's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr absl::Duration kPhoneTokenLife = absl::Hours(24 * 180);
inline constexpr int kPhoneLabelCharactersMax = 100;
inline constexpr int kEnrolmentCodeBytesMax = 100;

// The caller has no token yet: the code proves who they are. A wrong, used or expired code gets one and the same
// answer, UNAUTHENTICATED with reason ENROLMENT_CODE_INVALID. Of many with one code at once, one gets a phone.
absl::StatusOr<v1::EnrolPhoneResponse> Enrol(db::Pool& pool, const access::Call& call,
                                             const v1::EnrolPhoneRequest& request, absl::Time now);

}  // namespace snowfield::canvass
