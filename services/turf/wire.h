// Rows of cuts, turfs and assignments as messages, and the reports that the database keeps as JSON.
// Thread safety: pure.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/store/cut_store.h"
#include "db/store/turf_store.h"
#include "db/store/walk_list_store.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

// The proto3 JSON form with the proto's field names, for a jsonb column. INTERNAL where a message can't be written.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

// OK for a cut that came to its turfs; else FAILED_PRECONDITION CUT_NOT_DONE.
absl::Status CheckHasTurfs(const db::CutRow& cut);

// Of turf.metrics. INTERNAL where this server can't read it.
absl::StatusOr<v1::TurfMetrics> MetricsFromJson(const std::string& json);

// INTERNAL for a row that this server can't read.
absl::Status ToMessage(const db::CutRow& row, v1::Cut& cut);
absl::Status ToMessage(const db::TurfRow& row, v1::Turf& turf);
void ToMessage(const db::TurfDoorRow& row, v1::TurfDoor& door);
void ToMessage(const db::AssignmentRow& row, v1::Assignment& assignment);

}  // namespace snowfield::turf
