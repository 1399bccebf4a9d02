#include "services/cli/voted_verbs.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "services/cli/files/csv_table.h"
#include "services/cli/import/issue_sink.h"
#include "services/cli/import/report_file.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/territory/v1/territory.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = territory::v1;
constexpr int kPeopleOfMessage = 1'000;

struct VotedOrder {
  std::string file;
  std::string id_column;
  std::string day_column;
  std::string day;
  std::string report;
  bool not_after_all = false;
};

absl::StatusOr<size_t> ColumnOf(const TableReader& table, const std::string& name, const char* flag) {
  const auto& columns = table.columns();
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const std::string& column) { return absl::EqualsIgnoreCase(column, name); });
  if (found != columns.end()) return static_cast<size_t>(found - columns.begin());
  return base::InvalidField(flag, "COLUMN_MISSING",
                            absl::StrCat("the file has no column ", name, ", but ", absl::StrJoin(columns, ", ")));
}

// The file, a thousand people after the other.
class VotedFile {
 public:
  VotedFile(const Session& session, const Client& client, const VotedOrder& order)
      : session_(session),
        client_(client),
        order_(order),
        stub_(client.channel()),
        bad_rows_(order.file, report_),
        bar_("voted", session.json) {}

  absl::Status Send() {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto table, OpenCsv(order_.file, {}));
    SNOWFIELD_ASSIGN_OR_RETURN(const size_t id, ColumnOf(*table, order_.id_column, "--id"));
    size_t day = 0;
    if (!order_.day_column.empty()) {
      SNOWFIELD_ASSIGN_OR_RETURN(day, ColumnOf(*table, order_.day_column, "--day-column"));
    }
    SNOWFIELD_RETURN_IF_ERROR(report_.Open(order_.report));
    Record record;
    while (true) {
      SNOWFIELD_ASSIGN_OR_RETURN(const bool has_row, table->Next(record, bad_rows_));
      if (!has_row) break;
      if (record.values[id].empty()) {
        bad_rows_.TakeIssue(Rejection(record.line, "EXTERNAL_ID_MISSING", order_.id_column, "the row names nobody"));
        continue;
      }
      ++rows_;
      pb::VotedPerson& person = *request_.add_people();
      person.set_external_id(record.values[id]);
      if (!order_.not_after_all) person.set_day(order_.day_column.empty() ? order_.day : record.values[day]);
      line_of_.push_back(record.line);
      if (request_.people_size() == kPeopleOfMessage) SNOWFIELD_RETURN_IF_ERROR(SendSome(table->Fraction()));
    }
    SNOWFIELD_RETURN_IF_ERROR(SendSome(1));
    bar_.Finish("done");
    SNOWFIELD_RETURN_IF_ERROR(report_.Close());
    Tell();
    return absl::OkStatus();
  }

 private:
  absl::Status SendSome(double fraction) {
    if (request_.people().empty()) return absl::OkStatus();
    pb::MarkVotedResponse response;
    grpc::ClientContext context;
    client_.Prepare(context);
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub_.MarkVoted(&context, request_, &response)));
    marked_ += response.marked();
    unchanged_ += response.unchanged();
    for (const int place : response.unknown()) {
      ++unknown_;
      report_.Add(order_.file, Rejection(line_of_[place], "PERSON_UNKNOWN", order_.id_column,
                                         "the campaign knows nobody of this id: is it the voter file's?"));
    }
    request_.Clear();
    line_of_.clear();
    bar_.Update(fraction, absl::StrCat(rows_, " rows, ", marked_, " marked"));
    return absl::OkStatus();
  }

  void Tell() const {
    const int64_t rows = rows_ + bad_rows_.count();
    if (session_.json) {
      std::printf("{\"rows\":%lld,\"marked\":%lld,\"unchanged\":%lld,\"unknown\":%lld,\"rejected\":%lld}\n",
                  static_cast<long long>(rows), static_cast<long long>(marked_), static_cast<long long>(unchanged_),
                  static_cast<long long>(unknown_), static_cast<long long>(bad_rows_.count()));
      return;
    }
    Table table({"rows", "number"});
    table.AddRow({"in the file", WithCommas(rows)});
    table.AddRow({order_.not_after_all ? "have not voted after all" : "have voted", WithCommas(marked_)});
    table.AddRow({"said so already", WithCommas(unchanged_)});
    table.AddRow({"not known here", WithCommas(unknown_)});
    table.AddRow({"rejected", WithCommas(bad_rows_.count())});
    table.Print();
  }

  const Session& session_;
  const Client& client_;
  const VotedOrder& order_;
  pb::TerritoryService::Stub stub_;
  ReportFile report_;
  IssueSink bad_rows_;  // no CSV, or without an id
  ProgressBar bar_;
  pb::MarkVotedRequest request_;
  std::vector<uint64_t> line_of_;
  int64_t rows_ = 0;  // good ones
  int64_t marked_ = 0, unchanged_ = 0, unknown_ = 0;
};

absl::Status Voted(const Session& session, const VotedOrder& order) {
  if (!order.not_after_all && order.day_column.empty() == order.day.empty()) {
    return base::InvalidField("--day", "DAY_INVALID",
                              "say one day for all with --day, or the column with --day-column");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  return VotedFile(session, client, order).Send();
}

}  // namespace

void AddVotedVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<VotedOrder>();
  CLI::App* voted = app.add_subcommand("voted", "Take people who have voted off walk lists, by a file");
  voted->footer(
      "Sent again, or a larger file on the next day, it marks who is new.\n"
      "Examples:\n"
      "  snowfield voted ballots-in.csv --id VOTER_ID --day 2026-10-28\n"
      "  snowfield voted ballots-in.csv --id VOTER_ID --day-column RECEIVED --report unknown.csv");
  voted->add_option("file", order->file, "CSV of the election office")->required();
  voted->add_option("--id", order->id_column, "The column with the voter file's id")->required();
  voted->add_option("--day", order->day, "The day of all: 2026-10-28");
  voted->add_option("--day-column", order->day_column, "The column with each day, as 2026-10-28");
  voted->add_option("--report", order->report, "Rows that name nobody whom the campaign knows, as CSV");
  voted->add_flag("--not-after-all", order->not_after_all, "These have not voted: bring them back");
  voted->callback([&session, order] { session.run = [&session, order] { return Voted(session, *order); }; });
}

}  // namespace snowfield::cli
