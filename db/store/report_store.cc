#include "db/store/report_store.h"

#include "base/status.h"
#include "db/queries/report_queries.h"

namespace snowfield::db {

absl::StatusOr<std::vector<ReportRow>> ListReportRows(Transaction& transaction, const ReportQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kReportRows, Params()
                                                                                            .Id(transaction.campaign())
                                                                                            .Text(query.by)
                                                                                            .Int64(query.cut.value)
                                                                                            .Int64(query.root.value)
                                                                                            .Time(query.from)
                                                                                            .Time(query.to)
                                                                                            .Text(query.question)
                                                                                            .Int64(query.after)
                                                                                            .Int64(query.count_max)
                                                                                            .Time(query.now)));
  std::vector<ReportRow> rows;
  for (const Row row : result) {
    ReportRow& report = rows.emplace_back();
    report.key = row.Int64(0);
    report.doors = row.Int64(1);
    report.doors_knocked = row.Int64(2);
    report.attempts = row.Int64(3);
    report.contacts = row.Int64(4);
    report.attempts_timed = row.Int64(5);
    report.hours = row.Double(6);
    const std::vector<std::string> answers = row.Texts(7);
    const std::vector<int64_t> people = row.Int64s(8);
    for (size_t i = 0; i < answers.size(); ++i) report.support.push_back({answers[i], people[i]});
    const std::vector<int32_t> asks = row.Int32s(9);
    const std::vector<int64_t> yes = row.Int64s(10), maybe = row.Int64s(11), no = row.Int64s(12);
    for (size_t i = 0; i < asks.size(); ++i) report.asks.push_back({asks[i], yes[i], maybe[i], no[i]});
    report.follow_ups_made = row.Int64(13);
    report.follow_ups_done = row.Int64(14);
    report.follow_ups_late = row.Int64(15);
    report.turf_number = row.OptionalInt32(16).value_or(0);
    report.member = row.Id<base::MemberId>(17);
    report.member_name = std::string(row.Text(18));
    report.pass_name = std::string(row.Text(19));
    report.day = std::string(row.Text(20));
  }
  return rows;
}

}  // namespace snowfield::db
