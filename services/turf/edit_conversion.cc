#include "services/turf/edit_conversion.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "services/rpc/geometry.h"
#include "services/rpc/timestamp.h"
#include "services/turf/geo_conversion.h"
#include "services/turf/load_board.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

template <typename Message>
std::vector<base::DoorId> DoorsOf(const Message& message) {
  std::vector<base::DoorId> doors;
  doors.reserve(message.door_ids_size());
  for (const int64_t door : message.door_ids()) doors.emplace_back(door);
  return doors;
}

absl::Status CheckReason(const std::string& reason) {
  const bool plain = std::none_of(reason.begin(), reason.end(), [](unsigned char c) { return c < 0x20; });
  if (plain) return absl::OkStatus();
  return base::InvalidField("edit.set_aside.reason", "TEXT_OUT_OF_RANGE", "send text without control characters");
}

void AddFlows(const geo::EditPlan& plan, int number, v1::TurfEdit& message) {
  std::map<int, int> came, left;
  for (const geo::DoorMove& move : plan.moves) {
    if (move.to == number) ++came[move.from];
    if (move.from == number) ++left[move.to];
  }
  const auto add = [](const std::map<int, int>& flows, auto* list) {
    for (const auto& [turf, doors] : flows) {
      v1::DoorFlow& flow = *list->Add();
      flow.set_turf_number(turf);
      flow.set_doors(doors);
    }
  };
  add(came, message.mutable_came());
  add(left, message.mutable_left());
}

absl::Status FillTurf(const geo::TurfEdit& edit, const PreviewParts& parts, v1::TurfEdit& message) {
  message.set_turf_number(edit.number);
  if (edit.before.has_value()) *message.mutable_before() = ToMetrics(edit.before->metrics);
  for (const geo::CutReason problem : edit.problems) message.add_problems(std::string(geo::CutReasonName(problem)));
  for (const geo::EditWarning warning : edit.warnings) {
    message.add_warnings(std::string(geo::EditWarningName(warning)));
  }
  if (!edit.after.has_value()) return absl::OkStatus();
  *message.mutable_after() = ToMetrics(edit.after->metrics);
  if (!parts.with_shapes) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(*message.mutable_area(), rpc::MultiPolygonFromEwkb(edit.after->polygon_ewkb));
  SNOWFIELD_ASSIGN_OR_RETURN(*message.mutable_walk(), rpc::LineFromEwkb(edit.after->walk_line_ewkb));
  return absl::OkStatus();
}

absl::StatusOr<db::TurfContent> ToContent(const geo::Turf& turf) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::string metrics, ToJson(ToMetrics(turf.metrics)));
  return db::TurfContent{.walk_length_m = turf.metrics.walk_length_m,
                         .area_ewkb = turf.polygon_ewkb,
                         .walk_ewkb = turf.walk_line_ewkb,
                         .metrics_json = std::move(metrics),
                         .doors = turf.doors};
}

// The turf that most doors of turf `number` come from, or were once taken from.
int MostDoorsFrom(const geo::EditPlan& plan, int number) {
  std::map<base::DoorId, int> taken_from;
  for (const geo::AsideDoor& aside : plan.put_back) taken_from[aside.door] = aside.from_turf;
  std::map<int, int> doors;
  int most = 0;
  for (const geo::DoorMove& move : plan.moves) {
    if (move.to != number) continue;
    const int from = move.from != 0 ? move.from : taken_from[move.door];
    if (++doors[from] > doors[most] || most == 0) most = from;
  }
  return most;
}

}  // namespace

absl::StatusOr<geo::HandEdit> ToHandEdit(const v1::EditOrder& order) {
  switch (order.kind_case()) {
    case v1::EditOrder::kMove:
      return geo::MoveDoors{DoorsOf(order.move()), order.move().to_turf_number()};
    case v1::EditOrder::kMerge:
      return geo::MergeTurfs{{order.merge().turf_numbers().begin(), order.merge().turf_numbers().end()}};
    case v1::EditOrder::kSplit:
      return geo::SplitTurf{order.split().turf_number(), order.split().parts()};
    case v1::EditOrder::kSetAside:
      SNOWFIELD_RETURN_IF_ERROR(CheckReason(order.set_aside().reason()));
      return geo::SetAsideDoors{DoorsOf(order.set_aside()), order.set_aside().reason()};
    case v1::EditOrder::kPutBack:
      return geo::PutBackDoors{DoorsOf(order.put_back())};
    case v1::EditOrder::kUndo:
      return base::InvalidField("edit.undo", "EDIT_MISSING", "an undo is applied by UndoEdit");
    case v1::EditOrder::KIND_NOT_SET:
      break;
  }
  return base::InvalidField("edit", "EDIT_MISSING", "say what to do: move, merge, split, set_aside or put_back");
}

std::string KindOf(const v1::EditOrder& order) {
  switch (order.kind_case()) {
    case v1::EditOrder::kMove:
      return "move";
    case v1::EditOrder::kMerge:
      return "merge";
    case v1::EditOrder::kSplit:
      return "split";
    case v1::EditOrder::kSetAside:
      return "set_aside";
    case v1::EditOrder::kPutBack:
      return "put_back";
    case v1::EditOrder::kUndo:
    case v1::EditOrder::KIND_NOT_SET:
      break;
  }
  return "undo";
}

absl::Status InTermsOf(const v1::EditOrder& order, const absl::Status& status) {
  constexpr std::pair<std::string_view, std::string_view> kFields[] = {
      {"doors", "door_ids"}, {"to_turf", "to_turf_number"}, {"turfs", "turf_numbers"}, {"turf", "turf_number"},
      {"parts", "parts"},    {"reason", "reason"}};
  const base::ProblemDetail detail = base::DetailOf(status);
  const size_t bracket = std::min(detail.field.find('['), detail.field.size());
  for (const auto& [ours, theirs] : kFields) {
    if (std::string_view(detail.field).substr(0, bracket) != ours) continue;
    const std::string path =
        absl::StrCat("edit.", KindOf(order), ".", base::ToAbsl(theirs), detail.field.substr(bracket));
    return base::Problem(status.code(), detail.reason, path, base::MessageOf(status));
  }
  return status;
}

absl::StatusOr<geo::HandEdit> ToUndo(const db::EditToUndo& edit) {
  if (edit.undone_by != 0) {
    return base::NotNow("EDIT_UNDONE_ALREADY", "this edit is undone already: undo the undo to have it back");
  }
  geo::RestoreTurfs restore;
  for (const db::VersionBefore& version : edit.turfs) {
    if (!version.unchanged) {
      return base::NotNow("TURFS_EDITED_SINCE", "a later edit changed the same turfs: undo that one first");
    }
    std::optional<geo::Turf> turf;
    if (!version.content.doors.empty()) {
      SNOWFIELD_ASSIGN_OR_RETURN(turf, ToTurf(version.content));
    }
    restore.turfs.emplace_back(version.number, std::move(turf));
  }
  restore.aside = ToAside(edit.aside);
  return restore;
}

std::string EtagOf(const geo::EditPlan& plan) { return absl::StrFormat("%016x", geo::Fingerprint(plan)); }

absl::Status ToMessage(const geo::EditPlan& plan, const PreviewParts& parts, v1::PreviewEditResponse& response) {
  for (const geo::TurfEdit& edit : plan.turfs) {
    v1::TurfEdit& message = *response.add_turfs();
    SNOWFIELD_RETURN_IF_ERROR(FillTurf(edit, parts, message));
    AddFlows(plan, edit.number, message);
  }
  for (const geo::DoorMove& move : plan.moves) {
    v1::DoorMove& message = *response.add_moves();
    message.set_door_id(move.door.value);
    message.set_from_turf_number(move.from);
    message.set_to_turf_number(move.to);
  }
  response.set_etag(EtagOf(plan));
  return absl::OkStatus();
}

void ToMessage(const db::EditRow& row, base::CutId cut, v1::Edit& edit) {
  edit.set_cut_id(cut.value);
  edit.set_edit_number(row.number);
  edit.set_kind(row.kind);
  edit.set_member_id(row.member.value);
  edit.set_member_name(row.member_name);
  *edit.mutable_create_time() = rpc::ToTimestamp(row.create_time);
  edit.set_undoes_edit_number(row.undoes);
  edit.set_undone_by_edit_number(row.undone_by);
  edit.set_moved_doors(static_cast<int32_t>(row.moved_doors));
  for (const int32_t turf : row.turfs) edit.add_turf_numbers(turf);
}

void ToMessage(const db::ReplacedList& row, v1::ReplacedList& list) {
  list.set_turf_number(row.turf);
  list.set_leader_id(row.leader.value);
  list.set_old_list_number(row.old_number);
  list.set_new_list_number(row.new_number);
}

absl::Status FillEdit(const geo::EditPlan& plan, const std::vector<db::LockedVersion>& turfs, db::NewEdit& edit) {
  absl::flat_hash_map<int, base::TurfId> ids;
  for (const db::LockedVersion& turf : turfs) ids[turf.number] = turf.id;
  edit.turfs.clear();
  edit.moves.clear();
  for (const geo::TurfEdit& turf : plan.turfs) {
    db::TurfChange& change = edit.turfs.emplace_back();
    change.number = turf.number;
    if (turf.version != 0) {
      change.id = ids[turf.number];
    } else {
      change.most_doors_from = MostDoorsFrom(plan, turf.number);
    }
    if (turf.after.has_value()) {
      SNOWFIELD_ASSIGN_OR_RETURN(change.content, ToContent(*turf.after));
    }
  }
  absl::flat_hash_map<base::DoorId, const geo::AsideDoor*> aside;
  for (const geo::AsideDoor& door : plan.aside) aside[door.door] = &door;
  for (const geo::AsideDoor& door : plan.put_back) aside[door.door] = &door;
  for (const geo::DoorMove& move : plan.moves) {
    db::MoveRow& row = edit.moves.emplace_back();
    row = {.door = move.door, .from = move.from, .to = move.to, .aside = std::nullopt};
    if (const auto at = aside.find(move.door); at != aside.end()) {
      row.aside = {.door = move.door, .from_turf = at->second->from_turf, .reason = at->second->reason};
    }
  }
  return absl::OkStatus();
}

}  // namespace snowfield::turf
