#include "services/cli/paper_scan_verbs.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/cli/paper_batch_order.h"
#include "services/cli/paper_text.h"
#include "services/cli/scan/page_images.h"
#include "services/cli/verb.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;
using pb::PaperService;
constexpr absl::Duration kPageTime = absl::Seconds(60);

struct ScanOrder {
  BatchOrder batch;
  std::vector<std::string> files;
  double confidence = 0;
};

// The pages of some files, and what came of each.
class Scanning {
 public:
  Scanning(const Session& session, const Client& client, const ScanOrder& order, int64_t batch_id)
      : session_(session),
        client_(client),
        order_(order),
        batch_id_(batch_id),
        stub_(client.channel()),
        bar_("scanning", session.json) {}

  absl::Status Run() {
    for (size_t i = 0; i < order_.files.size(); ++i) {
      SNOWFIELD_RETURN_IF_ERROR(ForEachPage(order_.files[i], [&](int page, int count, const std::string& png) {
        const double of_file = static_cast<double>(page - 1) / count;
        bar_.Update((static_cast<double>(i) + of_file) / static_cast<double>(order_.files.size()),
                    absl::StrCat(pages_, " pages, ", rows_read_, " rows read, ", rows_to_see_, " to see"));
        return ReadOne(order_.files[i], page, png);
      }));
    }
    bar_.Finish("done");
    if (!session_.json) Tell();
    if (refused_ == 0) return absl::OkStatus();
    return base::NotNow("PAGES_NOT_READ", absl::StrCat(refused_, " pages were not read: the reasons stand above"));
  }

 private:
  // A page that is refused is told, and the next one read.
  absl::Status ReadOne(const std::string& file, int page, const std::string& png) {
    pb::ReadPageRequest request;
    request.set_batch_id(batch_id_);
    request.set_image(png);
    request.set_confidence(order_.confidence);
    pb::ReadPageResponse response;
    grpc::ClientContext context;
    client_.Prepare(context, kPageTime);
    const absl::Status status = rpc::FromGrpcStatus(stub_.ReadPage(&context, request, &response));
    ++pages_;
    const std::string place = absl::StrCat(file, ", page ", page);
    if (absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsNotFound(status)) {
      // Cover and script come out of the scanner with the sheets.
      if (base::DetailOf(status).reason == "PAGE_HAS_NO_ROWS") return absl::OkStatus();
      ++refused_;
      table_.AddRow({place, "", "", "", "", "", absl::StrCat("! ", base::MessageOf(status))});
      return absl::OkStatus();
    }
    SNOWFIELD_RETURN_IF_ERROR(status);
    rows_read_ += response.rows_read();
    rows_to_see_ += response.rows_to_see();
    if (session_.json) PrintJson(response);
    std::vector<std::string> to_see;
    for (const pb::SheetRow& row : response.to_see()) {
      to_see.push_back(absl::StrCat(row.sequence(), " (", DoubtsOf(row.reading()), ")"));
    }
    table_.AddRow({place, absl::StrCat(response.packet_id(), "-", response.page()), absl::StrCat(response.rows()),
                   absl::StrCat(response.rows_read()), absl::StrCat(response.rows_blank()),
                   absl::StrCat(response.rows_to_see()), absl::StrJoin(to_see, "; ")});
    return absl::OkStatus();
  }

  void Tell() const {
    table_.Print();
    std::printf("batch %lld: %d pages, %d rows read", static_cast<long long>(batch_id_), pages_, rows_read_);
    if (rows_to_see_ > 0) {
      std::printf(", %d for a clerk to see: snowfield paper enter --batch %lld, then /see", rows_to_see_,
                  static_cast<long long>(batch_id_));
    }
    std::printf("\n");
  }

  const Session& session_;
  const Client& client_;
  const ScanOrder& order_;
  const int64_t batch_id_;
  PaperService::Stub stub_;
  ProgressBar bar_;
  Table table_{{"scan", "page", "rows", "read", "blank", "to see", "which, and why"}};
  int pages_ = 0, refused_ = 0, rows_read_ = 0, rows_to_see_ = 0;
};

absl::Status Scan(const Session& session, const ScanOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t batch_id, BatchOfOrder(session, order.batch));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  return Scanning(session, client, order, batch_id).Run();
}

}  // namespace

void AddPaperScanVerbs(CLI::App& paper, Session& session) {
  const auto order = std::make_shared<ScanOrder>();
  CLI::App* scan = AddVerb(paper, session, order, "scan", "Read sheets from the files of a scanner", Scan);
  scan->footer(
      "Rows that are not sure are not stored: they wait in the batch for a clerk, each with its part of the scan.\n"
      "Examples:\n"
      "  snowfield paper scan --walked 2026-11-25 saturday.pdf\n"
      "  snowfield paper scan --batch 12 --confidence 0.9 page-*.png");
  scan->add_option("file", order->files, "PDF, TIFF, PNG or JPEG, 150 to 300 dots an inch")->required();
  scan->add_option("--confidence", order->confidence, "0.5 to 1: what is read with less waits for a clerk (0.8)");
  AddBatchOptions(*scan, order->batch);
}

}  // namespace snowfield::cli
