#include "services/canvass/reports.h"

#include <string>
#include <vector>

#include "base/status.h"
#include "db/store/canvass_store.h"
#include "db/store/report_store.h"
#include "services/access/scope.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
constexpr char kReport[] = "report";

absl::StatusOr<std::string_view> GroupOf(v1::ReportBy by) {
  switch (by) {
    case v1::REPORT_BY_TURF:
      return "turf";
    case v1::REPORT_BY_BRANCH:
      return "branch";
    case v1::REPORT_BY_CANVASSER:
      return "canvasser";
    case v1::REPORT_BY_DAY:
      return "day";
    case v1::REPORT_BY_PASS:
      return "pass";
    default:
      return base::InvalidField("by", "REPORT_BY_MISSING", "say by what: turf, branch, canvasser, day or pass");
  }
}

// Whose lists: nobody sees beyond their branch.
absl::StatusOr<base::MemberId> RootOf(db::Transaction& transaction, const access::Caller& caller, int64_t member_id) {
  if (member_id == 0) return access::BranchRoot(caller);
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, base::MemberId(member_id), "member_id"));
  return base::MemberId(member_id);
}

absl::Status ReadSpan(const v1::GetReportRequest& request, db::ReportQuery& query) {
  if (request.has_from()) {
    SNOWFIELD_ASSIGN_OR_RETURN(query.from, rpc::FromTimestamp(request.from(), "from"));
  }
  if (request.has_to()) {
    SNOWFIELD_ASSIGN_OR_RETURN(query.to, rpc::FromTimestamp(request.to(), "to"));
  }
  if (query.from < query.to) return absl::OkStatus();
  return base::InvalidField("to", "TIME_SPAN_INVALID", "the end of the time comes after its beginning");
}

v1::ReportRow ToMessage(const db::ReportRow& row, v1::ReportBy by) {
  v1::ReportRow message;
  if (by == v1::REPORT_BY_TURF) message.set_turf_id(row.key);
  if (by == v1::REPORT_BY_PASS) message.set_pass_id(row.key);
  message.set_turf_number(row.turf_number);
  message.set_member_id(row.member.value);
  message.set_member_name(row.member_name);
  message.set_day(row.day);
  message.set_pass_name(row.pass_name);
  message.set_doors(row.doors);
  message.set_doors_knocked(row.doors_knocked);
  message.set_attempts(row.attempts);
  message.set_contacts(row.contacts);
  for (const db::ReportAnswer& said : row.support) {
    v1::AnswerCount& count = *message.add_support();
    count.set_answer(said.answer);
    count.set_people(said.people);
  }
  for (const db::ReportAsk& asked : row.asks) {
    v1::AskCount& count = *message.add_asks();
    count.set_ask(static_cast<v1::AskKind>(asked.ask));
    count.set_yes(asked.yes);
    count.set_maybe(asked.maybe);
    count.set_no(asked.no);
  }
  message.set_follow_ups_made(row.follow_ups_made);
  message.set_follow_ups_done(row.follow_ups_done);
  message.set_follow_ups_late(row.follow_ups_late);
  message.set_hours(row.hours);
  message.set_attempts_timed(row.attempts_timed);
  return message;
}

}  // namespace

absl::StatusOr<v1::GetReportResponse> GetReport(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::GetReportRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kReport, request.page_size(), request.page_token()));
  db::ReportQuery query;
  query.cut = base::CutId(request.cut_id());
  query.after = page.after;
  query.count_max = page.size + 1;
  query.now = now;
  SNOWFIELD_ASSIGN_OR_RETURN(query.by, GroupOf(request.by()));
  SNOWFIELD_ASSIGN_OR_RETURN(query.root, RootOf(transaction, caller, request.member_id()));
  SNOWFIELD_RETURN_IF_ERROR(ReadSpan(request, query));
  if (request.question().size() > kQuestionBytesMax) {
    return base::InvalidField("question", "TOO_LONG", "send the code of a question of the script");
  }
  query.question = request.question().empty() ? kSupportQuestion : request.question();
  if (query.cut) {
    SNOWFIELD_RETURN_IF_ERROR(db::CheckCutExists(transaction, query.cut));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::ReportRow> rows, db::ListReportRows(transaction, query));
  v1::GetReportResponse response;
  for (const db::ReportRow& row : rows) {
    if (response.rows_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kReport, rows[page.size - 1].key));
      break;
    }
    *response.add_rows() = ToMessage(row, request.by());
  }
  return response;
}

}  // namespace snowfield::canvass
