// GrowthPlan: the ladder, training modules and rules that a campaign has settled, or the defaults.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "db/store/growth_store.h"
#include "services/access/caller.h"
#include "snowfield/organizing/v1/growth.pb.h"

namespace snowfield::organizing {

inline constexpr int kLadderStepsMax = 20;
inline constexpr int kModulesMax = 50;
inline constexpr int kCodeCharactersMax = 40;
inline constexpr int kPlanNameCharactersMax = 100;
inline constexpr int kValidDaysMax = 3650;

// Checks all but the time zone, which the database knows. INVALID_ARGUMENT naming the field: STEPS_OUT_OF_RANGE,
// MODULES_OUT_OF_RANGE, CODE_INVALID, CODE_REPEATED, NAME_LENGTH, KIND_UNKNOWN, DAYS_OUT_OF_RANGE, DOORS_OUT_OF_RANGE,
// MODULE_UNKNOWN.
absl::StatusOr<db::GrowthPlanRow> ReadPlan(const v1::GrowthPlan& plan);

absl::StatusOr<v1::GrowthPlan> GetGrowthPlan(db::Transaction& transaction);
// INVALID_ARGUMENT TIME_ZONE_UNKNOWN besides those of ReadPlan.
absl::StatusOr<v1::GrowthPlan> SetGrowthPlan(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::GrowthPlan& plan);

}  // namespace snowfield::organizing
