// Reports: how the canvass goes, in rows (proto/snowfield/canvass/v1/report.proto).
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/canvass/v1/report.pb.h"

namespace snowfield::canvass {

inline constexpr char kSupportQuestion[] = "support";
inline constexpr int kQuestionBytesMax = 100;

// The method of ReportService of this name. `now` tells what is late.
absl::StatusOr<v1::GetReportResponse> GetReport(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::GetReportRequest& request, absl::Time now);

}  // namespace snowfield::canvass
