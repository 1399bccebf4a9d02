// Sheets read from images: real packets, filled in and scanned by the dice. What is stored unseen is what was meant.
#include "services/paper/scan/row_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/paper/keys/marks_check.h"
#include "services/paper/scan/page_place.h"
#include "services/paper/scan/printed_sheet.h"
#include "tests/services/paper/filled_sheets.h"

namespace snowfield::paper {
namespace {
constexpr double kConfidence = 0.8;

// As they are stored.
std::string BytesOf(v1::RowEntry entry, const Lines& lines) {
  if (!entry.has_marks()) return entry.blank() ? "blank" : "none";
  SetInOrder(*entry.mutable_marks(), tests::SampleColumns(), lines);
  return entry.marks().SerializeAsString();
}

struct Counts {
  int rows = 0, read = 0, wrong = 0;
  double least_sure = 1;
};

class Sheets : public ::testing::Test {
 protected:
  // Reads a sheet, and counts by what was done to each row.
  void Read(const tests::FilledSheet& sheet) {
    const auto code = FindCode(sheet.scan, "image");
    if (!code.ok()) {
      ++not_found_;
      std::printf("no code: %d dots, %.1f degrees\n", sheet.dots_an_inch, sheet.skew_degrees);
      if (const char* keep = std::getenv("SNOWFIELD_SHEETS_KEPT"); keep != nullptr) {
        std::ofstream(absl::StrCat(keep, "/", not_found_, ".png")) << WritePng(sheet.scan).value();
      }
      return;
    }
    EXPECT_EQ(code->text, sheet.code);
    const auto place = PlacePage(*code, FrameOf(FormatOf(sheet.printed)), sheet.scan, "image");
    ASSERT_TRUE(place.ok()) << place.status();
    const std::vector<RowPlace> places = PlaceRows(sheet.scan, *place, sheet.printed);
    const std::vector<RowRead> rows = ReadRows(sheet.scan, *place, sheet.printed, places);
    ASSERT_EQ(rows.size(), sheet.rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      const tests::FilledRow& row = sheet.rows[i];
      const v1::RowReading reading = ReadingOf(rows[i], tests::SampleColumns(), row.lines, kConfidence);
      Counts& counts = by_pen_[row.pen];
      ++counts.rows;
      counts.least_sure = std::min(counts.least_sure, reading.confidence());
      if (!reading.doubts().empty()) {
        for (const int doubt : reading.doubts()) ++doubts_[{row.pen, doubt}];
        continue;
      }
      ++counts.read;
      const bool is_right = row.is_clear && BytesOf(reading.entry(), row.lines) == BytesOf(row.meant, row.lines);
      if (!is_right) {
        ++counts.wrong;
        ADD_FAILURE() << tests::NameOf(row.pen) << ", row " << row.sequence << ", " << sheet.dots_an_inch
                      << " dots: " << reading.ShortDebugString() << " is not " << row.meant.ShortDebugString();
      }
    }
  }

  int not_found_ = 0;
  std::map<tests::Pen, Counts> by_pen_;
  std::map<std::pair<tests::Pen, int>, int> doubts_;
};

TEST_F(Sheets, NothingIsReadThatWasNotMeant) {
  const char* const times = std::getenv("SNOWFIELD_SHEETS");  // more than usual
  const int count = times == nullptr ? 24 : std::atoi(times);
  for (int seed = 0; seed * 6 < count; ++seed) {
    tests::FilledSheets sheets(seed, 24);
    ASSERT_GT(sheets.pages(), 0) << "pdftoppm (script/install --tests)";
    for (int i = 0; i < 6; ++i) Read(sheets.Fill(i % sheets.pages()));
  }
  int rows = 0, read = 0;
  for (const auto& [pen, counts] : by_pen_) {
    std::string why;
    for (const auto& [key, number] : doubts_) {
      if (key.first == pen) absl::StrAppend(&why, " ", v1::ReadDoubt_Name(key.second).substr(11), "=", number);
    }
    std::printf("%-16s %4d rows, %4d read without help, %d wrong, least sure %.2f %s\n", tests::NameOf(pen),
                counts.rows, counts.read, counts.wrong, counts.least_sure, why.c_str());
    rows += counts.rows;
    read += counts.read;
  }
  std::printf("%d of %d rows read without help; %d pages without a code that was found\n", read, rows, not_found_);
  EXPECT_GT(read, rows / 2);
  EXPECT_LE(not_found_, count / 20);
}

}  // namespace
}  // namespace snowfield::paper
