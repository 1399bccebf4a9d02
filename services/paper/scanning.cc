#include "services/paper/scanning.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/paper_scan_store.h"
#include "services/paper/batches.h"
#include "services/paper/keying.h"
#include "services/paper/page_in_batch.h"
#include "services/paper/scan/bubbles.h"
#include "services/paper/scan/grey_image.h"
#include "services/paper/scan/page_place.h"
#include "services/paper/scan/printed_sheet.h"
#include "services/paper/scan/row_reader.h"
#include "services/paper/sheet.h"

namespace snowfield::paper {
namespace {
using db::EntryRound;
// Of the parts that are kept for clerks.
constexpr double kCutPixelsPerMm = 6;
constexpr double kCutEdgeMm = 2;
constexpr size_t kCutBytesMax = 1'000'000;

struct PageToRead {
  db::PageAt at;
  v1::PrintedSheet printed;
};

absl::Status CheckBatch(db::Transaction& transaction, const access::Caller& caller, int64_t batch_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch,
                             BatchOfBranch(transaction, caller, batch_id, db::BatchLock::kNone));
  return CheckOpen(batch);
}

// Which page it is, and where its bubbles stand.
absl::StatusOr<PageToRead> FindPage(db::Transaction& transaction, const access::Caller& caller,
                                    const std::string& code) {
  PageToRead page;
  SNOWFIELD_ASSIGN_OR_RETURN(page.at, ReadPageCode(transaction.campaign(), code, "image"));
  SNOWFIELD_RETURN_IF_ERROR(SheetInHand::Read(transaction, caller, page.at, EntryRound::kFirst, "image").status());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<std::string> printed, db::FindPrintedPage(transaction, page.at));
  if (!printed.has_value()) {
    return base::NotNow("PAGE_NOT_TO_READ", "this packet was printed before scans could be read: key the page by hand");
  }
  page.printed.ParseFromString(*printed);
  return page;
}

// A page that was looked at: what its rows say, before it is known who stands on them, and where each is.
struct PageSeen {
  const GreyImage& image;
  PagePlace place;
  std::vector<RowPlace> places;
  std::vector<RowRead> rows;
};

absl::StatusOr<PageSeen> LookAt(const GreyImage& image, const FoundCode& code, const v1::PrintedSheet& printed) {
  SNOWFIELD_ASSIGN_OR_RETURN(const PagePlace place, PlacePage(code, FrameOf(FormatOf(printed)), image, "image"));
  PageSeen seen{.image = image, .place = place, .places = PlaceRows(image, place, printed), .rows = {}};
  seen.rows = ReadRows(image, place, printed, seen.places);
  return seen;
}

// The part of the image on which a row stands, as a PNG.
absl::StatusOr<std::string> CutOut(const PageSeen& seen, const v1::PrintedSheet& printed, int row) {
  PagePlace place = seen.place;
  place.map = seen.places[row].map;
  const Bubbles bubbles(seen.image, place);
  Box area = BoxOf(printed.rows(row).box());
  area = {area.x - kCutEdgeMm, area.y - kCutEdgeMm, area.width + 2 * kCutEdgeMm, area.height + 2 * kCutEdgeMm};
  SNOWFIELD_ASSIGN_OR_RETURN(std::string png, WritePng(bubbles.CutOut(area, kCutPixelsPerMm)));
  if (png.size() <= kCutBytesMax) return png;
  return WritePng(bubbles.CutOut(area, kCutPixelsPerMm / 3));
}

// The rows of one page on their way into the batch.
class PageReading {
 public:
  PageReading(db::Transaction& transaction, const Clerk& clerk, double confidence)
      : transaction_(transaction), clerk_(clerk), confidence_(confidence) {}

  absl::StatusOr<v1::ReadPageResponse> Store(int64_t batch_id, const PageToRead& page, const PageSeen& seen) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction_, clerk_.caller, batch_id));
    std::string was_state;
    SNOWFIELD_RETURN_IF_ERROR(PutPage(transaction_, clerk_, batch, {.at = page.at, .state = db::kPageIn}, &was_state));
    SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand sheet,
                               TakeSheet(transaction_, clerk_, batch, page.at, EntryRound::kFirst));
    SNOWFIELD_RETURN_IF_ERROR(CheckSecondClerk(transaction_, clerk_, page.at, EntryRound::kFirst));
    response_.set_packet_id(page.at.packet_id);
    response_.set_page(page.at.page);
    response_.set_list_number(sheet.list_number());
    response_.set_again(was_state == db::kPageIn);
    response_.set_rows(static_cast<int>(sheet.rows().size()));
    for (int i = 0; i < static_cast<int>(seen.rows.size()); ++i) {
      SNOWFIELD_RETURN_IF_ERROR(Take(sheet, page.printed, seen, i));
    }
    SNOWFIELD_RETURN_IF_ERROR(db::PutReadings(transaction_, page.at, waiting_));
    SNOWFIELD_RETURN_IF_ERROR(NotePageInAudit(transaction_, clerk_, "paper.scan", page.at));
    SNOWFIELD_ASSIGN_OR_RETURN(*response_.mutable_balance(), BalanceOf(transaction_, batch));
    SNOWFIELD_RETURN_IF_ERROR(CheckRoom(response_.balance()));
    SNOWFIELD_RETURN_IF_ERROR(HoldAtOnce(transaction_, batch, held_now_, clerk_.store, clerk_.now));
    return std::move(response_);
  }

 private:
  absl::Status Take(const SheetInHand& sheet, const v1::PrintedSheet& printed, const PageSeen& seen, int index) {
    const RowRead& read = seen.rows[index];
    const db::PaperRow* const row = sheet.Find(read.sequence);
    if (row == nullptr || !row->words.kind.empty()) return absl::OkStatus();  // keyed before
    const v1::RowReading reading = ReadingOf(read, sheet.columns(), sheet.LinesOf(*row), confidence_);
    if (reading.doubts().empty()) return Keep(sheet, *row, reading.entry());
    db::PaperRow to_see = *row;
    to_see.reading = reading.SerializeAsString();
    SNOWFIELD_ASSIGN_OR_RETURN(std::string image, CutOut(seen, printed, index));
    waiting_.push_back({.sequence = to_see.sequence, .reading = to_see.reading, .image = std::move(image)});
    response_.set_rows_to_see(response_.rows_to_see() + 1);
    sheet.Write(to_see, clerk_.now, *response_.add_to_see());
    return absl::OkStatus();
  }

  absl::Status Keep(const SheetInHand& sheet, const db::PaperRow& row, const v1::RowEntry& entry) {
    SNOWFIELD_RETURN_IF_ERROR(
        db::InsertPaperEntry(transaction_, {.at = sheet.at(),
                                            .sequence = row.sequence,
                                            .round = EntryRound::kFirst,
                                            .words = WordsOf(entry, sheet.columns(), sheet.LinesOf(row)),
                                            .member = clerk_.caller.member,
                                            .now = clerk_.now,
                                            .source = db::kSourceScan})
            .status());
    response_.set_rows_read(response_.rows_read() + 1);
    if (entry.blank()) response_.set_rows_blank(response_.rows_blank() + 1);
    if (entry.marks().result() == canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT) {
      held_now_.push_back({.at = sheet.at(), .sequence = row.sequence});
    }
    return absl::OkStatus();
  }

  db::Transaction& transaction_;
  const Clerk& clerk_;
  const double confidence_;
  std::vector<db::WaitingRow> waiting_;
  std::vector<db::RowAt> held_now_;
  v1::ReadPageResponse response_;
};

absl::StatusOr<double> ReadConfidence(double confidence) {
  if (confidence == 0) return kConfidenceDefault;
  if (confidence >= 0.5 && confidence <= 1) return confidence;
  return base::InvalidField("confidence", "CONFIDENCE_INVALID", "from 0.5 to 1; 0 for the usual one");
}

}  // namespace

absl::StatusOr<v1::ReadPageResponse> ReadPage(db::Pool& pool, const access::Call& call,
                                              const v1::ReadPageRequest& request, const StoreKnocks& store,
                                              absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const double confidence, ReadConfidence(request.confidence()));
  if (request.image().size() > kScanBytesMax) {
    return base::InvalidField(
        "image", "IMAGE_TOO_LARGE",
        absl::StrCat("at most ", kScanBytesMax, " bytes: 200 dots an inch in 16 greys are enough"));
  }
  // Before any work.
  SNOWFIELD_RETURN_IF_ERROR(db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
    return CheckBatch(transaction, call.caller, request.batch_id());
  }));
  SNOWFIELD_ASSIGN_OR_RETURN(const GreyImage image, ReadImage(request.image(), "image"));
  SNOWFIELD_ASSIGN_OR_RETURN(const FoundCode code, FindCode(image, "image"));
  SNOWFIELD_ASSIGN_OR_RETURN(const PageToRead page,
                             db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
                               return FindPage(transaction, call.caller, code.text);
                             }));
  SNOWFIELD_ASSIGN_OR_RETURN(const PageSeen seen, LookAt(image, code, page.printed));
  db::Scope scope = call.Scope();
  scope.look_ups = true;
  return db::RunInTransaction(pool, scope, [&](db::Transaction& transaction) {
    const Clerk clerk{call.caller, store, now};
    return PageReading(transaction, clerk, confidence).Store(request.batch_id(), page, seen);
  });
}

absl::StatusOr<v1::GetRowImageResponse> GetRowImage(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::GetRowImageRequest& request) {
  const db::PageAt at{.packet_id = request.packet_id(), .page = request.page()};
  SNOWFIELD_RETURN_IF_ERROR(BatchOfBranch(transaction, caller, request.batch_id(), db::BatchLock::kNone).status());
  SNOWFIELD_RETURN_IF_ERROR(SheetInHand::Read(transaction, caller, at, EntryRound::kFirst, "page").status());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<std::string> image,
                             db::FindReadingImage(transaction, {.at = at, .sequence = request.sequence()}));
  if (!image.has_value()) return base::NoSuch("sequence", "no part of a scan waits for this row: look at the sheet");
  v1::GetRowImageResponse response;
  response.set_image(*image);
  return response;
}

}  // namespace snowfield::paper
