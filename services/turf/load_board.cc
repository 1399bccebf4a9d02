#include "services/turf/load_board.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "db/store/cut_store.h"
#include "db/store/territory_store.h"
#include "services/turf/cut_order.h"
#include "services/turf/geo_conversion.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

using PlaceOfNumber = absl::flat_hash_map<int, size_t>;

absl::StatusOr<std::vector<geo::BoardTurf>> ToBoardTurfs(const std::vector<db::BoardTurfRow>& rows,
                                                         PlaceOfNumber* places) {
  std::vector<geo::BoardTurf> turfs;
  turfs.reserve(rows.size());
  for (const db::BoardTurfRow& row : rows) {
    geo::BoardTurf turf{.number = row.number, .version = row.version, .turf = {}};
    if (!row.ended) {
      SNOWFIELD_ASSIGN_OR_RETURN(turf.turf, ToTurf(row.content));
    }
    places->emplace(row.number, turfs.size());
    turfs.push_back(std::move(turf));
  }
  return turfs;
}

}  // namespace

absl::StatusOr<geo::Turf> ToTurf(const db::TurfContent& content) {
  SNOWFIELD_ASSIGN_OR_RETURN(const v1::TurfMetrics message, MetricsFromJson(content.metrics_json));
  geo::Turf turf;
  turf.doors = content.doors;
  turf.polygon_ewkb = content.area_ewkb;
  turf.walk_line_ewkb = content.walk_ewkb;
  turf.metrics = FromMetrics(message);
  return turf;
}

std::vector<geo::AsideDoor> ToAside(const std::vector<db::AsideRow>& rows) {
  std::vector<geo::AsideDoor> doors;
  for (const db::AsideRow& row : rows) doors.push_back({row.door, row.from_turf, row.reason});
  return doors;
}

absl::StatusOr<BoardSource> ReadBoard(db::Transaction& transaction, base::CutId cut) {
  const auto into = [](auto& list, auto convert) {
    return [&list, convert](const auto& row) {
      list.push_back(convert(row));
      return absl::OkStatus();
    };
  };
  BoardSource source;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow row, db::FindCut(transaction, cut));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutToEdit to_edit, db::FindCutToEdit(transaction, cut));
  source.edit_count = to_edit.edit_count;
  source.options = ToOptions(row.settings);
  PlaceOfNumber places;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto turfs, db::ReadBoardTurfs(transaction, cut, -1));
  SNOWFIELD_ASSIGN_OR_RETURN(source.turfs, ToBoardTurfs(turfs, &places));
  SNOWFIELD_RETURN_IF_ERROR(db::ReadBoardDoors(transaction, cut, [&](const db::BoardDoorRow& door) {
    source.input.doors.push_back(ToCutDoor(door.door));
    if (door.turf != db::kSetAside) source.turfs[places.at(door.turf)].turf.doors.push_back(door.door.door);
    return absl::OkStatus();
  }));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto aside, db::ReadAsideDoors(transaction, cut));
  source.aside = ToAside(aside);
  SNOWFIELD_RETURN_IF_ERROR(db::ReadStreets(transaction, into(source.input.streets, ToCutStreet)));
  SNOWFIELD_RETURN_IF_ERROR(db::ReadBarriers(transaction, into(source.input.barriers, ToCutBarrier)));
  if (row.settings.keep_boundary_kind.empty()) return source;
  SNOWFIELD_RETURN_IF_ERROR(db::ReadBoundaries(transaction, {.kind = row.settings.keep_boundary_kind, .ids = {}},
                                               into(source.input.kept_boundaries, ToCutBoundary)));
  return source;
}

absl::StatusOr<geo::TurfBoard> MakeBoard(BoardSource source) {
  SNOWFIELD_ASSIGN_OR_RETURN(auto ground, geo::BoardGround::Load(std::move(source.input), source.options));
  return geo::TurfBoard::Make(std::move(ground), std::move(source.turfs), source.aside);
}

absl::StatusOr<BoardNews> ReadNews(db::Transaction& transaction, base::CutId cut, int edit_count) {
  BoardNews news;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutToEdit to_edit, db::FindCutToEdit(transaction, cut));
  news.edit_count = to_edit.edit_count;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto turfs, db::ReadBoardTurfs(transaction, cut, edit_count));
  PlaceOfNumber places;
  SNOWFIELD_ASSIGN_OR_RETURN(news.changed, ToBoardTurfs(turfs, &places));
  std::vector<base::TurfId> ids;
  for (const db::BoardTurfRow& turf : turfs) ids.push_back(turf.id);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto doors, db::ReadDoorsOfTurfs(transaction, ids));
  for (const db::DoorOfTurfRow& door : doors) news.changed[places.at(door.turf)].turf.doors.push_back(door.door);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto aside, db::ReadAsideDoors(transaction, cut));
  news.aside = ToAside(aside);
  return news;
}

}  // namespace snowfield::turf
