// paper_file_bench: a vendor's CSV from the file to the batch, over gRPC on loopback, beside COPY of the same rows (P11
// of the goals).
//   paper_file_bench [--tiny] [--rows=N]
// The baselines copy what the rows come to, as it is stored, in one transaction, as superuser (no row-level security):
// into the same tables with their indexes, checks and foreign keys; and into a table without any. Ours reads the file,
// finds each row's sheet, script and people, checks what is marked, and stores it in transactions of 1,000 rows; then
// again with all of it there. All use one cluster, which does not wait for the disk. `peak` is the highest memory of
// this process so far: client and server.
#include <grpcpp/create_channel.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/paper_batch_store.h"
#include "services/cli/import/key_file.h"
#include "services/paper/print/page_code.h"
#include "services/rpc/timestamp.h"
#include "snowfield/paper/v1/entry.pb.h"
#include "tests/services/paper/paper_desk.h"

namespace snowfield::bench {
namespace {
namespace pb = paper::v1;

constexpr int64_t kRowsDefault = 200'000;
constexpr int64_t kRowsTiny = 2'000;
constexpr int64_t kRowsMax = 10'000'000;
constexpr int kFirstPage = 3, kPages = 398, kRowsOfPage = 10;
constexpr int64_t kRowsOfPacket = int64_t{kPages} * kRowsOfPage;

const db::Query kCopyPages = {"paper_file_bench.pages",
                              "copy paper_page (campaign_id, packet_id, page, paper_batch_id, state, member_id, "
                              "page_time) from stdin (format binary)"};
const db::Query kCopyEntries = {"paper_file_bench.entries",
                                "copy paper_entry (campaign_id, packet_id, page, sequence, kind, marks, note, "
                                "member_id, entry_time, source) from stdin (format binary)"};
const db::Query kMakeBare = {
    "paper_file_bench.make_bare",
    "create temporary table bare (campaign_id bigint, packet_id bigint, page integer, sequence "
    "integer, kind text, marks bytea, note text, member_id bigint, entry_time timestamptz)"};
const db::Query kCopyBare = {"paper_file_bench.bare", "copy bare from stdin (format binary)"};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", base::MessageOf(status).c_str());
  std::exit(1);
}
template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double PeakMegabytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// A row of the file: half not home, a third of those who talk are asked.
struct Words {
  const char* result;
  const char* support;
  const char* note;
};
Words WordsOf(int64_t row) {
  if (row % 2 == 0) return {"NH", "", ""};
  if (row % 6 == 1) return {"CV", "2", "call after five"};
  return {row % 6 == 3 ? "RF" : "LL", "", ""};
}

class Bench {
 public:
  explicit Bench(int64_t rows) : rows_(rows), packets_((rows + kRowsOfPacket - 1) / kRowsOfPacket) {
    const int64_t printed = desk_.Print(1);
    campaign_ = desk_.field.campaign.campaign;
    clerk_ = base::MemberId(desk_.field.Count("select max(member_id) from member") - 1);
    // Those of the file, and as many for the baseline.
    desk_.field.Execute(absl::StrCat(
        "insert into packet (campaign_id, request_id, walk_list_id, member_id, paper_size, large_type, "
        "page_count, door_count, script_id) select campaign_id, gen_random_uuid(), walk_list_id, member_id, "
        "paper_size, large_type, ",
        kFirstPage + kPages - 1, ", 6, script_id from packet, generate_series(1, ", 2 * packets_,
        ") where packet_id = ", printed));
    first_packet_ = printed + 1;
    desk_.field.Execute(absl::StrCat(
        "insert into packet_row (campaign_id, packet_id, page, sequence, door_id, person_ids) select k.campaign_id, "
        "k.packet_id, p.page, s.sequence, r.door_id, r.person_ids from packet k, generate_series(",
        kFirstPage, ", ", kFirstPage + kPages - 1, ") as p(page), generate_series(1, ", kRowsOfPage,
        ") as s(sequence), packet_row r where k.packet_id >= ", first_packet_, " and k.packet_id < ",
        first_packet_ + packets_, " and r.packet_id = ", printed, " and r.sequence = 1 + (p.page + s.sequence) % 6"));
    // Binary COPY would want it as a smallint.
    desk_.field.Execute("alter table paper_entry alter column round set default 1");
    desk_.field.Execute("analyze");
    path_ = std::filesystem::temp_directory_path() / absl::StrCat("paper_file_bench_", ::getpid(), ".csv");
    WriteFile();
  }
  ~Bench() { std::filesystem::remove(path_); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void Run() {
    std::printf("%lld rows, %lld pages, %.0f MB of CSV; peak before %.0f MB\n", static_cast<long long>(rows_),
                static_cast<long long>((rows_ + kRowsOfPage - 1) / kRowsOfPage),
                static_cast<double>(std::filesystem::file_size(path_)) / 1e6, PeakMegabytes());
    const double bare = Seconds([&] { CopyBare(); });
    const double copy = Seconds([&] { CopyIntoTables(); });
    Print("COPY, bare table", bare, copy);
    Print("COPY, same tables", copy, copy);
    Print("file, keyed", Seconds([&] { Key(rows_, 0); }), copy);
    Print("file, sent again", Seconds([&] { Key(0, rows_); }), copy);
  }

 private:
  db::RowAt At(int64_t row) const {
    return {.at = {.packet_id = first_packet_ + row / kRowsOfPacket,
                   .page = kFirstPage + static_cast<int>(row % kRowsOfPacket / kRowsOfPage)},
            .sequence = 1 + static_cast<int>(row % kRowsOfPage)};
  }

  void WriteFile() const {
    std::ofstream file(path_);
    file << "page,row,result,language,note,1.support,2.support\n";
    for (int64_t row = 0; row < rows_; ++row) {
      const db::RowAt at = At(row);
      const Words words = WordsOf(row);
      file << paper::TypedText({.packet_id = at.at.packet_id, .page = at.at.page, .pages = kPages}) << ","
           << at.sequence << "," << words.result << ",," << words.note << "," << words.support << ",\n";
    }
  }

  // As Words are stored.
  std::string MarksOf(int64_t row) const {
    pb::Marks marks;
    const Words words = WordsOf(row);
    marks.set_result(words.result[0] == 'N'   ? canvass::v1::KNOCK_RESULT_NOT_HOME
                     : words.result[0] == 'C' ? canvass::v1::KNOCK_RESULT_CANVASSED
                     : words.result[0] == 'R' ? canvass::v1::KNOCK_RESULT_REFUSED
                                              : canvass::v1::KNOCK_RESULT_LITERATURE_LEFT);
    if (words.support[0] != 0) {
      canvass::v1::KnockResponse& response = *marks.add_responses();
      response.set_person_id(desk_.field.people[0]);
      response.set_question("support");
      response.set_answer(words.support);
    }
    return marks.SerializeAsString();
  }

  void CopyBare() {
    db::Transaction transaction = Require(desk_.field.database.superuser_pool().Begin({.campaign = campaign_}));
    Require(transaction.Run(kMakeBare).status());
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyBare));
    for (int64_t row = 0; row < rows_; ++row) {
      const db::RowAt at = At(row);
      writer.Row().Int64(campaign_.value).Int64(at.at.packet_id).Int32(at.at.page).Int32(at.sequence).Text("marks");
      writer.Bytea(MarksOf(row)).Text(WordsOf(row).note).Int64(clerk_.value).Time(desk_.field.clock.Now());
      Require(writer.EndRow());
    }
    Require(writer.Finish().status());
    Require(transaction.Commit());
  }

  void CopyIntoTables() {
    const int64_t batch = desk_.Open();
    db::Transaction transaction = Require(desk_.field.database.superuser_pool().Begin({.campaign = campaign_}));
    const int64_t offset = packets_;  // the baseline's own packets
    {
      db::CopyWriter writer = Require(transaction.CopyIn(kCopyPages));
      for (int64_t row = 0; row < rows_; row += kRowsOfPage) {
        const db::RowAt at = At(row);
        writer.Row().Int64(campaign_.value).Int64(at.at.packet_id + offset).Int32(at.at.page).Int64(batch).Text("in");
        writer.Int64(clerk_.value).Time(desk_.field.clock.Now());
        Require(writer.EndRow());
      }
      Require(writer.Finish().status());
    }
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyEntries));
    for (int64_t row = 0; row < rows_; ++row) {
      const db::RowAt at = At(row);
      writer.Row().Int64(campaign_.value).Int64(at.at.packet_id + offset).Int32(at.at.page).Int32(at.sequence);
      writer.Text("marks").Bytea(MarksOf(row)).Text(WordsOf(row).note).Int64(clerk_.value);
      writer.Time(desk_.field.clock.Now()).Text("file");
      Require(writer.EndRow());
    }
    Require(writer.Finish().status());
    Require(transaction.Commit());
  }

  void Key(int64_t keyed, int64_t unchanged) {
    desk_.field.clock.Advance(absl::Milliseconds(1));
    const auto channel = grpc::CreateChannel(desk_.address(), grpc::InsecureChannelCredentials());
    const auto stub = pb::PaperService::NewStub(channel);
    cli::KeyFilePlan plan{.file = path_, .encoding = {}, .header = {}};
    plan.header.set_delivery("bench");
    *plan.header.mutable_walk_time() = rpc::ToTimestamp(desk_.field.clock.Now() - absl::Hours(4));
    plan.header.mutable_walk_time()->set_nanos(0);
    cli::ReportFile report;
    Require(report.Open(""));
    pb::KeyFileSummary summary;
    const auto prepare = [&](grpc::ClientContext& context) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", desk_.clerk_token));
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Hours(1)));
    };
    Require(cli::KeyFile(
        *stub, prepare, plan, [](double, std::string_view) {}, report, summary));
    if (summary.keyed() == keyed && summary.unchanged() == unchanged) return;
    std::fprintf(stderr, "%s\n", summary.ShortDebugString().c_str());
    for (const auto& reason : report.Reasons()) std::fprintf(stderr, "%s\n", reason.reason.c_str());
    std::exit(1);
  }

  void Print(const char* what, double seconds, double copy) const {
    const double rate = static_cast<double>(rows_) / seconds;
    std::printf("%-18s %8.2f s  %9.0f rows/s  %5.2f of COPY  peak %.0f MB\n", what, seconds, rate, copy / seconds,
                PeakMegabytes());
    std::printf("{\"what\":\"%s\",\"rows\":%lld,\"seconds\":%.3f,\"of_copy\":%.3f}\n", what,
                static_cast<long long>(rows_), seconds, copy / seconds);
  }

  const int64_t rows_, packets_;
  tests::PaperDesk desk_;
  base::CampaignId campaign_;
  base::MemberId clerk_;
  int64_t first_packet_ = 0;
  std::filesystem::path path_;
};

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  int64_t rows = kRowsDefault;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) rows = kRowsTiny;
    if (std::strncmp(argv[i], "--rows=", 7) == 0) rows = std::atoll(argv[i] + 7);
  }
  if (rows < 1 || rows > kRowsMax) {
    std::fprintf(stderr, "--rows: 1 to %lld\n", static_cast<long long>(kRowsMax));
    return 2;
  }
  Bench(rows).Run();
  return 0;
}

}  // namespace
}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
