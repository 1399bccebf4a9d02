#include "services/turf/cut_order.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "geo/cut/regions.h"

namespace snowfield::turf {
namespace {

absl::Status CheckText(const std::string& text, std::string_view field, size_t bytes_max) {
  const bool plain = std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; });
  if (plain && text.size() <= bytes_max) return absl::OkStatus();
  return base::InvalidField(field, "TEXT_OUT_OF_RANGE",
                            absl::StrCat("send at most ", bytes_max, " bytes without control characters"));
}

absl::Status OutOfOrder(std::string_view field, const std::string& message) {
  return base::InvalidField(field, "BOUNDS_OUT_OF_ORDER", message);
}

absl::Status ReadDoorBounds(const v1::StartCutRequest& request, db::CutSettings& settings) {
  const int target = request.has_target_doors() ? request.target_doors() : geo::kTargetDoorsDefault;
  if (target < 1 || target > kTargetDoorsMax) {
    return base::InvalidField("target_doors", "TARGET_OUT_OF_RANGE",
                              absl::StrCat("a turf is cut to a target of 1 to ", kTargetDoorsMax,
                                           " doors: leave it unset for ", geo::kTargetDoorsDefault));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::DoorBounds usual, geo::ResolveBounds({.target_doors = target}));
  settings.target_doors = target;
  settings.min_doors = request.has_min_doors() ? request.min_doors() : usual.min_doors;
  settings.max_doors = request.has_max_doors() ? request.max_doors() : usual.max_doors;
  if (settings.min_doors < 1 || settings.min_doors > target) {
    return OutOfOrder("min_doors", absl::StrCat("send 1 to the target of ", target, " doors"));
  }
  if (settings.max_doors < target || settings.max_doors > kTurfDoorsMax) {
    return OutOfOrder("max_doors", absl::StrCat("send the target of ", target, " to ", kTurfDoorsMax, " doors"));
  }
  return absl::OkStatus();
}

// False for what is no number, too.
bool Within(double value, double low, double high) { return value >= low && value <= high; }

absl::Status ReadMinuteBounds(const v1::StartCutRequest& request, db::CutSettings& settings) {
  const double target = request.target_minutes();
  if (!Within(target, geo::kTargetMinutesMin, geo::kTargetMinutesMax)) {
    return base::InvalidField("target_minutes", "TARGET_OUT_OF_RANGE",
                              absl::StrCat("a turf is cut to a target of ", geo::kTargetMinutesMin, " to ",
                                           geo::kTargetMinutesMax, " minutes: leave it unset to cut to doors"));
  }
  settings.target_minutes = target;
  settings.min_minutes = request.has_min_minutes() ? request.min_minutes() : 9 * target / 10;
  settings.max_minutes = request.has_max_minutes() ? request.max_minutes() : 11 * target / 10;
  if (!Within(settings.min_minutes, 1, target)) {
    return OutOfOrder("min_minutes", absl::StrCat("send 1 to the target of ", target, " minutes"));
  }
  if (!Within(settings.max_minutes, target, kTurfMinutesMax)) {
    return OutOfOrder("max_minutes", absl::StrCat("send the target of ", target, " to ", kTurfMinutesMax, " minutes"));
  }
  return absl::OkStatus();
}

absl::Status ReadBounds(const v1::StartCutRequest& request, db::CutSettings& settings) {
  if (!request.has_target_minutes()) {
    const bool any = request.has_min_minutes() || request.has_max_minutes();
    if (!any) return ReadDoorBounds(request, settings);
    return base::InvalidField("target_minutes", "TARGET_UNCLEAR", "bounds in minutes need a target in minutes");
  }
  if (request.has_target_doors() || request.has_min_doors() || request.has_max_doors()) {
    return base::InvalidField("target_minutes", "TARGET_UNCLEAR",
                              "turfs are cut to doors or to minutes: leave the one or the other unset");
  }
  return ReadMinuteBounds(request, settings);
}

absl::Status ReadPace(const v1::StartCutRequest& request, db::CutSettings& settings) {
  const auto refuse = [](std::string_view field, const std::string& message) {
    return base::InvalidField(field, "PACE_OUT_OF_RANGE", message);
  };
  const geo::CutOptions usual;
  settings.walk_speed_m_per_s =
      request.has_walk_speed_m_per_s() ? request.walk_speed_m_per_s() : usual.walk_speed_m_per_s;
  settings.seconds_per_door = request.has_seconds_per_door() ? request.seconds_per_door() : usual.seconds_per_door;
  if (!Within(settings.walk_speed_m_per_s, geo::kWalkSpeedMin_m_per_s, geo::kWalkSpeedMax_m_per_s)) {
    return refuse("walk_speed_m_per_s",
                  absl::StrCat("send ", geo::kWalkSpeedMin_m_per_s, " to ", geo::kWalkSpeedMax_m_per_s,
                               " metres a second, or leave it unset"));
  }
  if (!Within(settings.seconds_per_door, geo::kSecondsPerDoorMin, geo::kSecondsPerDoorMax)) {
    return refuse("seconds_per_door", absl::StrCat("send ", geo::kSecondsPerDoorMin, " to ", geo::kSecondsPerDoorMax,
                                                   " seconds, or leave it unset"));
  }
  if (settings.target_minutes > 0 && settings.seconds_per_door > 60 * settings.max_minutes) {
    return refuse("seconds_per_door", "one door alone takes longer than max_minutes");
  }
  return absl::OkStatus();
}

absl::Status ReadFinish(v1::WalkFinish finish, db::CutSettings& settings) {
  if (finish != v1::WALK_FINISH_UNSPECIFIED && finish != v1::WALK_FINISH_ANYWHERE && finish != v1::WALK_FINISH_START) {
    return base::InvalidField("finish", "FINISH_UNKNOWN", "a walk ends anywhere, or at its start");
  }
  settings.finish = finish == v1::WALK_FINISH_START ? db::kFinishStart : db::kFinishAnywhere;
  return absl::OkStatus();
}

absl::Status ReadRegionSize(int turfs, db::CutSettings& settings) {
  if (turfs < 0 || turfs > geo::kRegionTurfsMax) {
    return base::InvalidField(
        "turfs_per_region", "REGION_SIZE_OUT_OF_RANGE",
        absl::StrCat("send 1 to ", geo::kRegionTurfsMax, " turfs, or 0 for ", geo::kRegionTurfsDefault));
  }
  settings.turfs_per_region = turfs == 0 ? geo::kRegionTurfsDefault : turfs;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CutOrder> ReadOrder(const v1::StartCutRequest& request) {
  CutOrder order;
  SNOWFIELD_ASSIGN_OR_RETURN(order.request, base::Uuid::Parse(request.request_id(), "request_id"));
  if (request.universe_id() < 0) {
    return base::InvalidField("universe_id", "UNIVERSE_UNKNOWN", "send the id of a universe, or 0 for every door");
  }
  order.universe = base::UniverseId(request.universe_id());
  SNOWFIELD_RETURN_IF_ERROR(ReadBounds(request, order.settings));
  SNOWFIELD_RETURN_IF_ERROR(ReadPace(request, order.settings));
  SNOWFIELD_RETURN_IF_ERROR(ReadFinish(request.finish(), order.settings));
  SNOWFIELD_RETURN_IF_ERROR(ReadRegionSize(request.turfs_per_region(), order.settings));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(request.keep_boundary_kind(), "keep_boundary_kind", kBoundaryKindBytesMax));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(request.pass_name(), "pass_name", kPassNameBytesMax));
  order.settings.keep_boundary_kind = request.keep_boundary_kind();
  order.settings.keep_live = request.keep_live();
  order.settings.seed = request.seed();
  order.pass_name = request.pass_name().empty() ? kPassNameDefault : request.pass_name();
  // The cutter's own limits, told now and not when the work has begun.
  SNOWFIELD_RETURN_IF_ERROR(geo::ResolveBounds(ToOptions(order.settings)).status());
  return order;
}

geo::CutOptions ToOptions(const db::CutSettings& settings) {
  geo::CutOptions options;
  if (settings.target_minutes > 0) {
    options.target_minutes = settings.target_minutes;
    options.min_minutes = settings.min_minutes;
    options.max_minutes = settings.max_minutes;
  } else {
    options.target_doors = settings.target_doors;
    options.min_doors = settings.min_doors;
    options.max_doors = settings.max_doors;
  }
  options.finish = settings.finish == db::kFinishStart ? geo::WalkFinish::kReturnToStart : geo::WalkFinish::kAnywhere;
  options.walk_speed_m_per_s = settings.walk_speed_m_per_s;
  options.seconds_per_door = settings.seconds_per_door;
  options.keep_previous = settings.keep_live;
  options.seed = static_cast<uint64_t>(settings.seed);
  return options;
}

}  // namespace snowfield::turf
