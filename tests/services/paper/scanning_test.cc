// Scanned pages into batches: what is sure is stored, the rest waits for a clerk with its part of the scan.
#include "services/paper/scanning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "db/store/paper_scan_store.h"
#include "services/paper/scan/printed_sheet.h"
#include "services/paper/scan_turns.h"
#include "tests/services/paper/filled_sheets.h"
#include "tests/services/paper/paper_desk.h"

namespace snowfield::paper {
namespace {
using ::testing::ElementsAre;
constexpr int kDots = 200;
constexpr int kCanvassed = 1, kNotHome = 2, kRefused = 3, kDoNotContact = 14;

// Of list 1, page 3 has rows 1 to 5, two people each. Column 1 is support, from 1 to 5, column 3 whether they
// volunteer.
class Scans : public ::testing::Test {
 protected:
  Scans() {
    db::Transaction transaction = *desk_.field.database.pool().Begin({.campaign = desk_.field.campaign.campaign});
    printed_.ParseFromString(db::FindPrintedPage(transaction, {.packet_id = packet_, .page = 3})->value_or(""));
  }

  void Blacken(const Box& box) {
    const double scale = kDots / 25.4;
    for (int y = static_cast<int>(box.y * scale); y < (box.y + box.height) * scale; ++y) {
      for (int x = static_cast<int>(box.x * scale); x < (box.x + box.width) * scale; ++x) {
        if (image_.Has(x, y)) image_.pixels[static_cast<size_t>(y) * image_.width + x] = 20;
      }
    }
  }
  void Mark(int sequence, int column, int choice, int line = 0) {
    for (const v1::PrintedMark& mark : printed_.rows(sequence - 1).marks()) {
      if (mark.column() == column && mark.choice() == choice && mark.line() == line) Blacken(BoxOf(mark.box()));
    }
  }
  std::string Read(int64_t batch, const std::string& token = "") {
    v1::ReadPageRequest request;
    request.set_batch_id(batch);
    request.set_image(WritePng(image_).value());
    return tests::ReasonOf(desk_.Call(&v1::PaperService::Stub::ReadPage, request, &read_, token));
  }
  std::string ImageOf(int64_t batch, int sequence) {
    v1::GetRowImageRequest request;
    request.set_batch_id(batch);
    request.set_packet_id(packet_);
    request.set_page(3);
    request.set_sequence(sequence);
    v1::GetRowImageResponse response;
    desk_.Call(&v1::PaperService::Stub::GetRowImage, request, &response);
    return response.image();
  }
  std::string Code() const { return tests::PaperDesk::CodeOf(packet_, 3); }

  tests::PaperDesk desk_;
  int64_t packet_ = desk_.Print(1);
  v1::PrintedSheet printed_;
  GreyImage image_ = tests::DrawPage(desk_.pdf, 3, kDots);
  v1::ReadPageResponse read_;
};

TEST_F(Scans, WhatIsSureIsStoredAndTheRestWaitsWithItsPartOfTheScan) {
  Mark(1, 0, kCanvassed);
  Mark(1, 1, 2, 1);
  Mark(1, 3, 1, 2);
  Mark(2, 0, kNotHome);
  Mark(4, 0, kNotHome);
  Mark(4, 0, kRefused);
  Mark(5, 0, kNotHome);
  const Box fifth = BoxOf(printed_.rows(4).box());
  Blacken({fifth.x + 40, fifth.y + fifth.height - 4, 12, 0.6});  // a stroke where notes are written
  const int64_t batch = desk_.Open();
  ASSERT_EQ(Read(batch), "");
  EXPECT_EQ(read_.page(), 3);
  EXPECT_EQ(read_.rows(), 5);
  EXPECT_EQ(read_.rows_read(), 3);
  EXPECT_EQ(read_.rows_blank(), 1);
  ASSERT_EQ(read_.rows_to_see(), 2);
  EXPECT_EQ(read_.to_see(0).sequence(), 4);
  EXPECT_THAT(read_.to_see(0).reading().doubts(), ElementsAre(v1::READ_DOUBT_CONTRADICTION));
  EXPECT_THAT(read_.to_see(1).reading().doubts(), ElementsAre(v1::READ_DOUBT_WRITING));
  EXPECT_EQ(read_.to_see(1).reading().entry().keys(), "nh");

  ASSERT_EQ(desk_.Scan(batch, Code()), "");
  EXPECT_EQ(desk_.scanned.sheet().rows(0).entry().keys(), "cv 1.a=2 2.c=yes");
  EXPECT_EQ(desk_.scanned.sheet().rows(0).entry().source(), v1::ENTRY_SOURCE_SCAN);
  EXPECT_TRUE(desk_.scanned.sheet().rows(2).entry().blank());
  EXPECT_TRUE(desk_.scanned.sheet().rows(3).has_reading());
  const auto cut = ReadImage(ImageOf(batch, 5), "image");
  ASSERT_TRUE(cut.ok());
  EXPECT_GT(cut->width, 1000) << "readable";
  EXPECT_EQ(ImageOf(batch, 1), "") << "of a row that was sure nothing is kept";

  v1::FinishPageRequest finish;
  finish.set_batch_id(batch);
  finish.set_packet_id(packet_);
  finish.set_page(3);
  v1::FinishPageResponse finished;
  ASSERT_TRUE(desk_.Call(&v1::PaperService::Stub::FinishPage, finish, &finished).ok());
  EXPECT_EQ(finished.blank_rows(), 0) << "rows that wait are not blank";
  EXPECT_EQ(desk_.Key(batch, packet_, 4, "rf"), "");
  EXPECT_EQ(desk_.Key(batch, packet_, 5, "nh ; gate"), "");
  EXPECT_EQ(desk_.keyed.balance().rows_open(), 0);
  EXPECT_EQ(desk_.Close(batch, "page 4 was lost"), "");
  EXPECT_EQ(desk_.closed.knocks(), 4);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_reading"), 0) << "gone with the close";
}

TEST_F(Scans, APageThatIsReadAgainLeavesWhatIsKeyed) {
  Mark(1, 0, kNotHome);
  Mark(2, 0, kNotHome);
  const int64_t batch = desk_.Open();
  ASSERT_EQ(desk_.Scan(batch, Code()), "");
  ASSERT_EQ(desk_.Key(batch, packet_, 1, "rf"), "");
  ASSERT_EQ(Read(batch), "");
  EXPECT_TRUE(read_.again());
  EXPECT_EQ(read_.rows_read(), 4);
  ASSERT_EQ(Read(batch), "");
  EXPECT_EQ(read_.rows_read(), 0);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry"), 5);
  ASSERT_EQ(desk_.Scan(batch, Code()), "");
  EXPECT_EQ(desk_.scanned.sheet().rows(0).entry().keys(), "rf");
}

TEST_F(Scans, ADoNotContactThatWasReadHoldsAtOnce) {
  Mark(1, 0, kDoNotContact);
  ASSERT_EQ(Read(desk_.Open()), "");
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where phone_id is null and result = 14"), 1);
}

TEST_F(Scans, WhatCanNotBeReadIsSaidAndNothingIsStored) {
  const int64_t batch = desk_.Open(), other = desk_.Open();
  ASSERT_EQ(desk_.Scan(other, Code()), "");
  EXPECT_EQ(Read(batch), "PAGE_IN_ANOTHER_BATCH");
  EXPECT_EQ(Read(other, desk_.field.phone), "PERMISSION_MISSING");
  const GreyImage page = image_;
  image_.pixels.assign(image_.pixels.size(), 255);
  EXPECT_EQ(Read(other), "PAGE_CODE_MISSING");
  image_ = tests::DrawPage(desk_.pdf, 1, kDots);
  EXPECT_EQ(Read(other), "PAGE_HAS_NO_ROWS") << "the cover";
  v1::ReadPageRequest request;
  request.set_batch_id(other);
  request.set_image("no image");
  EXPECT_EQ(tests::ReasonOf(desk_.Call(&v1::PaperService::Stub::ReadPage, request, &read_)), "IMAGE_UNREADABLE");
  request.set_image(std::string(kScanBytesMax + 1, 'x'));
  EXPECT_EQ(tests::ReasonOf(desk_.Call(&v1::PaperService::Stub::ReadPage, request, &read_)), "IMAGE_TOO_LARGE");
  request.set_image(WritePng(page).value());
  request.set_confidence(0.2);
  EXPECT_EQ(tests::ReasonOf(desk_.Call(&v1::PaperService::Stub::ReadPage, request, &read_)), "CONFIDENCE_INVALID");
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry"), 0);
  desk_.field.Execute("delete from packet_sheet");
  image_ = page;
  EXPECT_EQ(Read(other), "PAGE_NOT_TO_READ") << "printed before this was kept";
}

TEST_F(Scans, TheSecondClerkIsNotShownWhatWasRead) {
  Mark(1, 0, kNotHome);
  Mark(1, 0, kRefused);
  const int64_t batch = desk_.Open(/*second_entry=*/true);
  ASSERT_EQ(Read(batch), "");
  ASSERT_EQ(desk_.Scan(batch, Code(), /*second=*/true, desk_.other_clerk_token), "");
  EXPECT_FALSE(desk_.scanned.sheet().rows(0).has_reading());
}

TEST_F(Scans, WhatWasReadOfSomebodyWhoIsErasedGoes) {
  Mark(1, 0, kNotHome);
  Mark(1, 0, kRefused);
  const int64_t batch = desk_.Open();
  ASSERT_EQ(Read(batch), "");
  ASSERT_NE(ImageOf(batch, 1), "");
  desk_.Erase(desk_.field.people[0]);
  EXPECT_EQ(ImageOf(batch, 1), "");
}

TEST(ScanTurnsTest, SomeAtOnceAndTheOthersWaitOrAreToldWhenToComeAgain) {
  ScanTurns turns;
  std::vector<ScanTurns::Turn> running;
  for (int i = 0; i < kScansAtOnce; ++i) running.push_back(turns.Wait(absl::Now()).value());
  const auto refused = turns.Wait(absl::Now() + absl::Milliseconds(50));
  ASSERT_TRUE(absl::IsResourceExhausted(refused.status()));
  EXPECT_TRUE(base::RetryDelayOf(refused.status()).has_value());
  running.pop_back();
  EXPECT_TRUE(turns.Wait(absl::Now()).ok());
}

}  // namespace
}  // namespace snowfield::paper
