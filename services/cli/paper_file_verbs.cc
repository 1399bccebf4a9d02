#include "services/cli/paper_file_verbs.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/files/csv_cell.h"
#include "services/cli/import/key_file.h"
#include "services/cli/output.h"
#include "services/cli/paper_batch_order.h"
#include "services/cli/verb.h"
#include "services/rpc/timestamp.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;
using pb::PaperService;
// The server's own limit on the call.
constexpr absl::Duration kFileTime = absl::Seconds(7200);
constexpr absl::Duration kCloseTime = absl::Seconds(60);
constexpr size_t kReasonsShownMax = 15;

struct FileOrder {
  int64_t packet_id = 0;
  std::string out;
  std::string file;
  std::string delivery;
  std::string encoding;
  std::string report;
  BatchOrder batch;
  bool lenient = false;
  bool empty_is_blank = false;
  bool dry_run = false;
  bool close = false;
};

// The columns of answers: of each line that some row has, and of the household where a row has none.
std::vector<std::string> AnswerColumns(const std::vector<pb::PacketRow>& rows,
                                       const google::protobuf::RepeatedPtrField<pb::KeyColumn>& columns) {
  int lines = 0;
  bool has_household = false;
  for (const pb::PacketRow& row : rows) {
    lines = std::max(lines, row.lines());
    has_household = has_household || row.lines() == 0;
  }
  std::vector<std::string> names;
  for (int line = has_household ? 0 : 1; line <= lines; ++line) {
    for (const pb::KeyColumn& column : columns) names.push_back(absl::StrCat(line, ".", column.code()));
  }
  return names;
}

absl::Status Template(const Session& session, const FileOrder& order) {
  pb::ListPacketRowsRequest request;
  request.set_packet_id(order.packet_id);
  request.set_page_size(1000);
  std::vector<pb::PacketRow> rows;
  pb::ListPacketRowsResponse response;
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(response, CallOnce(session, request, &PaperService::Stub::ListPacketRows));
    rows.insert(rows.end(), response.rows().begin(), response.rows().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  const std::string path = order.out.empty() ? absl::StrCat("packet-", order.packet_id, ".csv") : order.out;
  std::ofstream file(path, std::ios::binary);
  file << "page,row,house_number,street,unit,result,language,note";
  const std::vector<std::string> answers = AnswerColumns(rows, response.columns());
  for (const std::string& name : answers) file << "," << CsvCell(name);
  file << "\r\n";
  // Result, language, note, and the answers.
  const std::string empty_cells(3 + answers.size(), ',');
  for (const pb::PacketRow& row : rows) {
    file << absl::StrJoin({CsvCell(row.page_code()), absl::StrCat(row.sequence()), CsvCell(row.house_number()),
                           CsvCell(row.street()), CsvCell(row.unit())},
                          ",")
         << empty_cells << "\r\n";
  }
  file.close();
  if (!file) {
    return base::InvalidField("--out", "FILE_NOT_WRITTEN",
                              absl::StrCat("can't write ", path, ": is there room, and a right to?"));
  }
  if (!session.json) std::printf("%zu rows, to be filled in: %s\n", rows.size(), path.c_str());
  return absl::OkStatus();
}

absl::StatusOr<KeyFilePlan> PlanOf(const FileOrder& order) {
  KeyFilePlan plan{.file = order.file, .encoding = order.encoding, .header = {}};
  const std::string name = std::filesystem::path(order.file).filename().string();
  plan.header.set_delivery(order.delivery.empty() ? name.substr(0, name.find('.')) : order.delivery);
  if (!order.batch.walked.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const absl::Time walked, WalkTime(order.batch.walked));
    *plan.header.mutable_walk_time() = rpc::ToTimestamp(walked);
  }
  plan.header.set_walker_id(order.batch.walker_id);
  plan.header.set_second_entry(order.batch.twice);
  plan.header.set_lenient(order.lenient);
  plan.header.set_empty_is_blank(order.empty_is_blank);
  return plan;
}

void Tell(const FileOrder& order, const pb::KeyFileSummary& summary, const ReportFile& report, bool is_checked_only) {
  Table table({"rows", "number"});
  table.AddRow({"in the file", WithCommas(summary.rows())});
  table.AddRow({is_checked_only ? "would be keyed" : "keyed", WithCommas(summary.keyed())});
  table.AddRow({"said so already", WithCommas(summary.unchanged())});
  table.AddRow({"nothing filled in", WithCommas(summary.empty())});
  table.AddRow({"rejected", WithCommas(summary.rejected())});
  table.Print();
  const auto reasons = report.Reasons();
  for (size_t i = 0; i < std::min(reasons.size(), kReasonsShownMax); ++i) {
    std::printf("%s %s%s; the first, line %lld: %s\n", WithCommas(static_cast<int64_t>(reasons[i].count)).c_str(),
                reasons[i].reason.c_str(), reasons[i].taken ? " (taken)" : "", static_cast<long long>(reasons[i].line),
                reasons[i].example.c_str());
  }
  if (!reasons.empty()) {
    std::printf("each row with its line: %s\n",
                order.report.empty() ? "run it again with --report FILE" : order.report.c_str());
  }
}

// Those that balance become knocks.
absl::Status CloseBatches(const Session& session, const Client& client, const pb::KeyFileSummary& summary) {
  PaperService::Stub stub(client.channel());
  for (const int64_t batch : summary.batch_ids()) {
    pb::CloseBatchRequest request;
    request.set_batch_id(batch);
    pb::CloseBatchResponse response;
    grpc::ClientContext context;
    client.Prepare(context, kCloseTime);
    absl::Status status = rpc::FromGrpcStatus(stub.CloseBatch(&context, request, &response));
    const bool is_open = absl::IsFailedPrecondition(status);
    if (!status.ok() && !is_open) return status;
    if (session.json) {
      if (!is_open) PrintJson(response);
    } else if (is_open) {
      std::printf("batch %lld stays open: %s\n", static_cast<long long>(batch), base::MessageOf(status).c_str());
    } else {
      std::printf("batch %lld is closed: %d knocks\n", static_cast<long long>(batch), response.knocks());
    }
  }
  return absl::OkStatus();
}

absl::Status Import(const Session& session, const FileOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(KeyFilePlan plan, PlanOf(order));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = PaperService::NewStub(client.channel());
  const auto prepare = [&client](grpc::ClientContext& context) { client.Prepare(context, kFileTime); };
  std::unique_ptr<ReportFile> report;
  pb::KeyFileSummary summary;
  const auto pass = [&](const char* title, bool check_only) -> absl::Status {
    ProgressBar bar(title, session.json);
    plan.header.set_check_only(check_only);
    // What was remarked when it was checked is remarked again.
    report = std::make_unique<ReportFile>();
    SNOWFIELD_RETURN_IF_ERROR(report->Open(order.report));
    const absl::Status status = KeyFile(
        *stub, prepare, plan, [&bar](double fraction, std::string_view note) { bar.Update(fraction, note); }, *report,
        summary);
    bar.Finish(status.ok() ? "done" : "stopped");
    const absl::Status closed = report->Close();
    return status.ok() ? closed : status;
  };
  // Strict: all of it or nothing, so it is checked first.
  const bool checks = !order.lenient || order.dry_run;
  absl::Status status = checks ? pass("checking", /*check_only=*/true) : absl::OkStatus();
  const bool is_refused = checks && summary.rejected() > 0 && !order.lenient;
  const bool keys = status.ok() && !is_refused && !order.dry_run;
  if (keys) status = pass("keying", /*check_only=*/false);
  if (session.json) {
    PrintJson(summary);
  } else {
    Tell(order, summary, *report, !keys);
  }
  SNOWFIELD_RETURN_IF_ERROR(status);
  if (is_refused) {
    return base::NotNow(
        "ROWS_REJECTED",
        absl::StrCat(summary.rejected(),
                     " rows can't be taken, and nothing was keyed: mend the file and send it again, or take "
                     "the good rows with --lenient"));
  }
  if (order.close && keys) return CloseBatches(session, client, summary);
  if (!session.json && summary.batch_ids_size() > 0) {
    std::printf("in batches %s; then: snowfield paper close --batch NUMBER\n",
                absl::StrJoin(summary.batch_ids(), ", ").c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddPaperFileVerbs(CLI::App& paper, Session& session) {
  const auto order = std::make_shared<FileOrder>();
  CLI::App* blank =
      AddVerb(paper, session, order, "template", "A packet's rows as a CSV for a data-entry vendor", Template);
  blank->footer("Example:\n  snowfield paper template --packet 3 --out saturday.csv");
  blank->add_option("--packet", order->packet_id, "Which packet: snowfield packet list")->required();
  blank->add_option("--out", order->out, "The file (packet-NUMBER.csv)");

  CLI::App* import = AddVerb(paper, session, order, "import", "Key the rows of a vendor's CSV", Import);
  import->footer(
      "Strict unless told otherwise: the file is checked first, and one bad row keeps all of it out.\n"
      "Sent again, in whole or mended, it keys what differs.\n"
      "Examples:\n"
      "  snowfield paper import acme-friday.csv --walked 2026-11-25 --dry-run --report friday-problems.csv\n"
      "  snowfield paper import acme-friday.csv --walked 2026-11-25 --close\n"
      "  snowfield paper import acme-friday.csv --lenient --report friday-problems.csv");
  import->add_option("file", order->file, "CSV, with the columns of the template (docs/paper.md)")->required();
  import->add_option("--delivery", order->delivery, "What was sent, by a name that stays (the file's name)");
  import->add_option("--encoding", order->encoding, "utf-8, latin1 or windows-1252 (utf-8)");
  import->add_option("--report", order->report, "Each row that was not taken, with its line and the mend, as CSV");
  AddWalkOptions(*import, order->batch);
  import->add_flag("--lenient", order->lenient, "Take the good rows, and results and answers in other words");
  import->add_flag("--empty-is-blank", order->empty_is_blank, "Rows that are not filled in are blank ones");
  import->add_flag("--dry-run", order->dry_run, "Check, and key nothing");
  import->add_flag("--close", order->close, "Close the batches that balance");
}

}  // namespace snowfield::cli
