#include "services/turf/wire.h"

#include <array>
#include <utility>

#include "base/status.h"
#include "services/rpc/stored_json.h"
#include "services/rpc/timestamp.h"

namespace snowfield::turf {
namespace {

constexpr std::array<std::pair<const char*, v1::CutState>, 6> kStates = {
    {{db::kCutRunning, v1::CUT_STATE_RUNNING},
     {db::kCutDone, v1::CUT_STATE_DONE},
     {db::kCutFailed, v1::CUT_STATE_FAILED},
     {db::kCutCancelled, v1::CUT_STATE_CANCELLED},
     {db::kCutPublished, v1::CUT_STATE_PUBLISHED},
     {db::kCutSuperseded, v1::CUT_STATE_SUPERSEDED}}};

absl::Status FromJson(const std::string& json, google::protobuf::Message* message) {
  return rpc::FromStoredJson(json, message, "a stored report that this server can't read");
}

void SetSettings(const db::CutSettings& settings, v1::Cut& cut) {
  cut.set_target_doors(settings.target_doors);
  cut.set_min_doors(settings.min_doors);
  cut.set_max_doors(settings.max_doors);
  cut.set_target_minutes(settings.target_minutes);
  cut.set_min_minutes(settings.min_minutes);
  cut.set_max_minutes(settings.max_minutes);
  cut.set_finish(settings.finish == db::kFinishStart ? v1::WALK_FINISH_START : v1::WALK_FINISH_ANYWHERE);
  cut.set_walk_speed_m_per_s(settings.walk_speed_m_per_s);
  cut.set_seconds_per_door(settings.seconds_per_door);
  cut.set_turfs_per_region(settings.turfs_per_region);
  cut.set_keep_boundary_kind(settings.keep_boundary_kind);
  cut.set_keep_live(settings.keep_live);
  cut.set_seed(settings.seed);
}

}  // namespace

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  return rpc::ToStoredJson(message, "a report that can't be written as JSON");
}

absl::Status CheckHasTurfs(const db::CutRow& cut) {
  if (cut.state == db::kCutDone || cut.state == db::kCutPublished || cut.state == db::kCutSuperseded) {
    return absl::OkStatus();
  }
  return base::NotNow("CUT_NOT_DONE", "this cut has no turfs: watch it to its end, or cut again");
}

absl::StatusOr<v1::TurfMetrics> MetricsFromJson(const std::string& json) {
  v1::TurfMetrics metrics;
  SNOWFIELD_RETURN_IF_ERROR(FromJson(json, &metrics));
  return metrics;
}

absl::Status ToMessage(const db::CutRow& row, v1::Cut& cut) {
  cut.set_cut_id(row.id.value);
  for (const auto& [name, state] : kStates) {
    if (row.state == name) cut.set_state(state);
  }
  cut.set_pass_name(row.pass_name);
  cut.set_universe_id(row.universe.value);
  cut.set_previous_cut_id(row.previous.value);
  SetSettings(row.settings, cut);
  cut.set_failure(row.failure);
  if (cut.state() == v1::CUT_STATE_RUNNING) {
    cut.set_stage(row.stage);
    cut.set_fraction(row.fraction);
  }
  *cut.mutable_create_time() = rpc::ToTimestamp(row.create_time);
  if (!CheckHasTurfs(row).ok()) return absl::OkStatus();
  return FromJson(row.report_json, cut.mutable_report());
}

absl::Status ToMessage(const db::TurfRow& row, v1::Turf& turf) {
  turf.set_turf_id(row.id.value);
  turf.set_cut_id(row.cut.value);
  turf.set_number(row.number);
  turf.set_region_number(row.region_number);
  turf.set_leader_id(row.leader.value);
  turf.set_list_number(row.list_number);
  return FromJson(row.metrics_json, turf.mutable_metrics());
}

void ToMessage(const db::TurfDoorRow& row, v1::TurfDoor& door) {
  door.set_door_id(row.door.value);
  door.set_sequence(row.sequence);
  door.set_external_id(row.external_id);
  door.mutable_position()->set_longitude(row.longitude_deg);
  door.mutable_position()->set_latitude(row.latitude_deg);
  door.set_house_number(row.house_number);
  door.set_street(row.street);
  door.set_unit(row.unit);
}

void ToMessage(const db::AssignmentRow& row, v1::Assignment& assignment) {
  assignment.set_walk_list_id(row.walk_list.value);
  assignment.set_turf_id(row.turf.value);
  assignment.set_turf_number(row.turf_number);
  assignment.set_leader_id(row.leader.value);
  assignment.set_leader_name(row.leader_name);
  assignment.set_list_number(row.list_number);
  assignment.set_doors(row.door_count);
  assignment.set_region_number(row.region_number);
  *assignment.mutable_create_time() = rpc::ToTimestamp(row.create_time);
}

}  // namespace snowfield::turf
