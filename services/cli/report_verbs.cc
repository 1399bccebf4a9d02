#include "services/cli/report_verbs.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/files/csv_cell.h"
#include "services/cli/output.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/report.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = canvass::v1;

struct ReportOrder {
  std::string by = "turf";
  int64_t cut_id = 0;
  int64_t member_id = 0;
  std::string from, to;
  std::string question;
  std::string csv;
};

const std::map<std::string, pb::ReportBy>& Kinds() {
  static const auto* const kinds = new std::map<std::string, pb::ReportBy>{{"turf", pb::REPORT_BY_TURF},
                                                                           {"branch", pb::REPORT_BY_BRANCH},
                                                                           {"canvasser", pb::REPORT_BY_CANVASSER},
                                                                           {"day", pb::REPORT_BY_DAY},
                                                                           {"pass", pb::REPORT_BY_PASS}};
  return *kinds;
}

// The beginning of a day by this machine's clock.
absl::StatusOr<absl::Time> DayOf(const std::string& day, const char* flag) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime("%Y-%m-%d", day, absl::LocalTimeZone(), &time, &error)) return time;
  return base::InvalidField(flag, "TIME_INVALID", "say the day, as 2026-11-25");
}

absl::StatusOr<pb::GetReportRequest> RequestOf(const ReportOrder& order) {
  pb::GetReportRequest request;
  request.set_by(Kinds().at(order.by));
  request.set_cut_id(order.cut_id);
  request.set_member_id(order.member_id);
  request.set_question(order.question);
  request.set_page_size(1000);
  if (!order.from.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const absl::Time from, DayOf(order.from, "--from"));
    *request.mutable_from() = rpc::ToTimestamp(from);
  }
  if (!order.to.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const absl::Time to, DayOf(order.to, "--to"));
    *request.mutable_to() = rpc::ToTimestamp(to);
  }
  return request;
}

// What all rows come to: a table has the answers and asks that some row has.
struct Sheet {
  std::vector<pb::ReportRow> rows;
  std::vector<std::string> answers;
  std::vector<pb::AskKind> asks;
};
Sheet SheetOf(std::vector<pb::ReportRow> rows) {
  std::map<std::string, bool> answers;
  std::map<int, bool> asks;
  for (const pb::ReportRow& row : rows) {
    for (const pb::AnswerCount& count : row.support()) answers[count.answer()] = true;
    for (const pb::AskCount& count : row.asks()) asks[count.ask()] = true;
  }
  Sheet sheet{.rows = std::move(rows), .answers = {}, .asks = {}};
  for (const auto& [answer, is_there] : answers) sheet.answers.push_back(answer);
  for (const auto& [ask, is_there] : asks) sheet.asks.push_back(static_cast<pb::AskKind>(ask));
  return sheet;
}

std::string Share(int64_t part, int64_t whole) {
  return whole == 0 ? "" : Fixed(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1);
}

std::string SubjectOf(const pb::ReportRow& row) {
  if (!row.day().empty()) return row.day();
  if (!row.pass_name().empty()) return row.pass_name();
  if (row.turf_id() != 0) {
    return absl::StrCat(row.turf_number(), row.member_name().empty() ? "" : absl::StrCat("  ", row.member_name()));
  }
  return row.member_name().empty() ? "nobody's" : row.member_name();
}

// In a file each number has a cell of its own: a spreadsheet takes 9/0/1 for a day.
std::vector<std::string> Headings(const ReportOrder& order, const Sheet& sheet, bool is_file) {
  std::vector<std::string> headings = {order.by,   "doors",     "knocked",    "attempts",
                                       "contacts", "contact %", "doors/hour", "hours"};
  for (const std::string& answer : sheet.answers) {
    headings.push_back(absl::StrCat(order.question.empty() ? "support" : order.question, " ", answer));
  }
  for (const pb::AskKind ask : sheet.asks) {
    const std::string word = absl::AsciiStrToLower(WordOf(pb::AskKind_Name(ask), "ASK_KIND_"));
    if (!is_file) headings.push_back(absl::StrCat(word, " yes/maybe/no"));
    for (const char* answer : {" yes", " maybe", " no"}) {
      if (is_file) headings.push_back(absl::StrCat(word, answer));
    }
  }
  for (const char* heading : {"follow-ups", "done", "late"}) headings.emplace_back(heading);
  return headings;
}

std::vector<std::string> Cells(const pb::ReportRow& row, const Sheet& sheet, bool is_file) {
  std::vector<std::string> cells = {
      SubjectOf(row),
      row.doors() == 0 ? "" : absl::StrCat(row.doors()),
      absl::StrCat(row.doors_knocked()),
      absl::StrCat(row.attempts()),
      absl::StrCat(row.contacts()),
      Share(row.contacts(), row.attempts()),
      row.hours() > 0 ? Fixed(static_cast<double>(row.attempts_timed()) / row.hours(), 1) : "",
      row.hours() > 0 ? Fixed(row.hours(), 1) : ""};
  for (const std::string& answer : sheet.answers) {
    int64_t people = 0;
    for (const pb::AnswerCount& count : row.support()) people += count.answer() == answer ? count.people() : 0;
    cells.push_back(absl::StrCat(people));
  }
  for (const pb::AskKind ask : sheet.asks) {
    pb::AskCount counts;
    for (const pb::AskCount& count : row.asks()) {
      if (count.ask() == ask) counts = count;
    }
    const std::vector<int64_t> numbers = {counts.yes(), counts.maybe(), counts.no()};
    if (!is_file) cells.push_back(absl::StrJoin(numbers, "/"));
    for (const int64_t number : numbers) {
      if (is_file) cells.push_back(absl::StrCat(number));
    }
  }
  for (const int64_t count : {row.follow_ups_made(), row.follow_ups_done(), row.follow_ups_late()}) {
    cells.push_back(absl::StrCat(count));
  }
  return cells;
}

absl::Status WriteCsv(const ReportOrder& order, const Sheet& sheet) {
  std::ofstream file(order.csv, std::ios::binary);
  const auto write = [&](const std::vector<std::string>& cells) {
    file << absl::StrJoin(cells, ",", [](std::string* out, const std::string& cell) { *out += CsvCell(cell); })
         << "\r\n";
  };
  write(Headings(order, sheet, /*is_file=*/true));
  for (const pb::ReportRow& row : sheet.rows) write(Cells(row, sheet, /*is_file=*/true));
  file.close();
  if (file) return absl::OkStatus();
  return base::InvalidField("--csv", "FILE_NOT_WRITTEN",
                            absl::StrCat("can't write ", order.csv, ": is there room, and a right to?"));
}

absl::Status Report(const Session& session, const ReportOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(pb::GetReportRequest request, RequestOf(order));
  std::vector<pb::ReportRow> rows;
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::GetReportResponse response,
                               CallOnce(session, request, &pb::ReportService::Stub::GetReport));
    if (session.json) PrintJson(response);
    rows.insert(rows.end(), response.rows().begin(), response.rows().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  const Sheet sheet = SheetOf(std::move(rows));
  if (!order.csv.empty()) return WriteCsv(order, sheet);
  if (session.json) return absl::OkStatus();
  Table table(Headings(order, sheet, /*is_file=*/false));
  for (const pb::ReportRow& row : sheet.rows) table.AddRow(Cells(row, sheet, /*is_file=*/false));
  table.Print();
  return absl::OkStatus();
}

}  // namespace

void AddReportVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<ReportOrder>();
  CLI::App* report = app.add_subcommand("report", "How the canvass goes: contacts, support, asks, follow-ups, hours");
  report->footer(
      "Examples:\n"
      "  snowfield report --by turf --cut 3\n"
      "  snowfield report --by branch --from 2026-11-20 --csv week.csv\n"
      "  snowfield report --by day --member 12 --question issue");
  std::vector<std::string> kinds;
  for (const auto& [name, kind] : Kinds()) kinds.push_back(name);
  report->add_option("--by", order->by, "turf, branch, canvasser, day or pass (turf)")->check(CLI::IsMember(kinds));
  report->add_option("--cut", order->cut_id, "Only the turfs of this cut");
  report->add_option("--member", order->member_id, "Only the lists of this member and of all below");
  report->add_option("--from", order->from, "Knocks from this day on");
  report->add_option("--to", order->to, "Knocks before this day");
  report->add_option("--question", order->question, "The question whose answers are counted (support)");
  report->add_option("--csv", order->csv, "Into this file, for a spreadsheet");
  report->callback([&session, order] { session.run = [&session, order] { return Report(session, *order); }; });
}

}  // namespace snowfield::cli
