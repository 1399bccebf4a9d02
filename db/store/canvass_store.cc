#include "db/store/canvass_store.h"

#include <algorithm>

#include "base/status.h"
#include "db/queries/canvass_queries.h"

namespace snowfield::db {

absl::StatusOr<std::vector<DoorToWalk>> ListDoorsToWalk(Transaction& transaction, base::TurfId turf) {
  absl::StatusOr<Result> result =
      transaction.Run(queries::kListDoorsToWalk, Params().Id(transaction.campaign()).Id(turf));
  if (!result.ok()) return result.status();
  std::vector<DoorToWalk> doors;
  for (const Row row : *result) {
    doors.push_back({.door = row.Id<base::DoorId>(0),
                     .sequence = row.Int32(1),
                     .house_number = std::string(row.Text(2)),
                     .street = std::string(row.Text(3)),
                     .unit = std::string(row.Text(4)),
                     .longitude = row.Double(5),
                     .latitude = row.Double(6),
                     .do_not_contact = row.Bool(7),
                     .last_result = row.OptionalInt32(8).value_or(0),
                     .all_voted = row.Bool(9)});
  }
  return doors;
}

int AgeOf(std::optional<int> birth_year, absl::Time now) {
  if (!birth_year.has_value()) return 0;
  return std::max(0, static_cast<int>(absl::ToCivilYear(now, absl::UTCTimeZone()).year()) - *birth_year);
}

absl::StatusOr<std::vector<PersonToMeet>> ListPeopleToMeet(Transaction& transaction, base::TurfId turf) {
  absl::StatusOr<Result> result =
      transaction.Run(queries::kListPeopleToMeet, Params().Id(transaction.campaign()).Id(turf));
  if (!result.ok()) return result.status();
  std::vector<PersonToMeet> people;
  for (const Row row : *result) {
    people.push_back({.door = row.Id<base::DoorId>(0),
                      .person = row.Id<base::PersonId>(1),
                      .first_name = std::string(row.Text(2)),
                      .last_name = std::string(row.Text(3)),
                      .birth_year = row.OptionalInt32(4),
                      .party = std::string(row.Text(5))});
  }
  return people;
}

absl::StatusOr<std::string> TurfWalk(Transaction& transaction, base::TurfId turf) {
  absl::StatusOr<Result> result = transaction.Run(queries::kWalkOfTurf, Params().Id(transaction.campaign()).Id(turf));
  if (!result.ok()) return result.status();
  if (result->empty()) return base::NoSuch("turf_id", "no such turf");
  return std::string((*result)[0].Bytea(0));
}

absl::StatusOr<ListMoves> FindListMoves(Transaction& transaction, base::WalkListId list) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindReplacedList, Params().Id(transaction.campaign()).Id(list)));
  ListMoves moves;
  for (const Row& row : result) {
    moves.replaces = std::string(row.Text(0));
    moves.came = row.Ids<base::DoorId>(1);
    moves.left = row.Ids<base::DoorId>(2);
  }
  return moves;
}

absl::Status CheckCutExists(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result known, transaction.Run(queries::kCutToCountExists,
                                                                 Params().Id(transaction.campaign()).Int64(cut.value)));
  return known[0].Bool(0) ? absl::OkStatus() : base::NoSuch("cut_id", "no such cut: see snowfield cut list");
}

absl::StatusOr<CanvassCounts> CountCanvass(Transaction& transaction, base::CutId cut) {
  const Params params = Params().Id(transaction.campaign()).Int64(cut.value);
  if (cut) {
    SNOWFIELD_RETURN_IF_ERROR(CheckCutExists(transaction, cut));
  }
  absl::StatusOr<Result> results = transaction.Run(queries::kCountResults, params);
  if (!results.ok()) return results.status();
  CanvassCounts counts;
  for (const Row row : *results) counts.knocks_by_result.emplace_back(row.Int32(0), row.Int64(1));
  absl::StatusOr<Result> totals = transaction.Run(queries::kCountCanvass, params);
  if (!totals.ok()) return totals.status();
  const Row row = (*totals)[0];
  counts.doors_knocked = row.Int64(0);
  counts.conflicts = row.Int64(1);
  counts.follow_ups_open = row.Int64(2);
  counts.follow_ups_done = row.Int64(3);
  return counts;
}

}  // namespace snowfield::db
