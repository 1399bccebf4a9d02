#include "db/store/cut_problem_store.h"

#include <algorithm>

#include "base/status.h"
#include "db/queries/cut_problem_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

}  // namespace

absl::Status InsertCutProblems(Transaction& transaction, base::CutId cut, const std::vector<NewCutProblem>& problems) {
  for (size_t first = 0; first < problems.size(); first += kProblemsPerStatement) {
    const size_t last = std::min(first + kProblemsPerStatement, problems.size());
    std::vector<std::string_view> reasons;
    std::vector<int32_t> turf_numbers;
    std::vector<base::DoorId> doors;
    for (size_t i = first; i < last; ++i) {
      reasons.push_back(problems[i].reason);
      turf_numbers.push_back(problems[i].turf_number);
      doors.push_back(problems[i].door);
    }
    SNOWFIELD_RETURN_IF_ERROR(transaction
                                  .Run(queries::kInsertCutProblems, Campaign(transaction)
                                                                        .Id(cut)
                                                                        .Int32(static_cast<int32_t>(first) + 1)
                                                                        .Texts(reasons)
                                                                        .Int32s(turf_numbers)
                                                                        .Ids(doors))
                                  .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CutProblemRow>> ListCutProblems(Transaction& transaction, const CutProblemPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListCutProblems, Campaign(transaction)
                                                                            .Id(page.cut)
                                                                            .Int64(page.after)
                                                                            .Text(page.reason)
                                                                            .Int32(page.turf_number)
                                                                            .Int64(page.limit)));
  std::vector<CutProblemRow> problems;
  problems.reserve(result.row_count());
  for (const Row& row : result) {
    problems.push_back({.ordinal = row.Int32(0),
                        .reason = std::string(row.Text(1)),
                        .turf_number = row.Int32(2),
                        .turf_door_count = row.Int32(3),
                        .turf_minutes = row.Double(4),
                        .door = {.turf = {},
                                 .sequence = row.Int32(6),
                                 .door = row.Id<base::DoorId>(5),
                                 .external_id = std::string(row.Text(7)),
                                 .longitude_deg = row.Double(8),
                                 .latitude_deg = row.Double(9),
                                 .house_number = std::string(row.Text(10)),
                                 .street = std::string(row.Text(11)),
                                 .unit = std::string(row.Text(12))}});
  }
  return problems;
}

}  // namespace snowfield::db
