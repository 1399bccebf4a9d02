// Additions: doors and people that a canvasser found in the field, stored for a person to review
// (services/canvass/judge_addition.h). Each is answered on its own; a bad one never costs the good.
//
// An addition whose id is taken is a duplicate where its content is the same, whatever has become of its list since,
// and else a conflict: the first one stays. Nothing comes on a list by this. Thread safety: as the transaction's.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/knock_store.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr int kAdditionsMax = 100;  // in a request
inline constexpr int kFoundPeopleMax = 16;
inline constexpr int kNameCharactersMax = 100;
inline constexpr int kPhoneCharactersMax = 50;
inline constexpr int kEmailCharactersMax = 254;  // RFC 5321, 4.5.3.1.3
inline constexpr int kHouseNumberCharactersMax = 20;
inline constexpr int kStreetCharactersMax = 200;
inline constexpr int kUnitCharactersMax = 50;

// What can be said of an addition without looking at the data. INVALID_ARGUMENT with the field, relative to it, and a
// message for the person holding the phone: DOOR_MISSING, PERSON_MISSING, NAME_MISSING, HOUSE_NUMBER_MISSING,
// STREET_MISSING, POSITION_INVALID, PHONE_TIME_MISSING, PHONE_TIME_INVALID, TOO_MANY, TOO_LONG, TEXT_INVALID.
absl::Status CheckAddition(const v1::Addition& addition);

// INVALID_ARGUMENT with field "additions", reasons BATCH_EMPTY and BATCH_TOO_LARGE, refuses the whole.
absl::Status CheckAdditions(const v1::SendAdditionsRequest& request);

// The answers, in the order of the request.
absl::StatusOr<v1::SendAdditionsResponse> StoreAdditions(db::Transaction& transaction, const db::KnockSender& sender,
                                                         const v1::SendAdditionsRequest& request, absl::Time now);

}  // namespace snowfield::canvass
