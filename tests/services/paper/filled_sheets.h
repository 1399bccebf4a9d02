// Sheets as canvassers fill them in and scanners see them: real packets, drawn by another program, with what a pen does
// and what a scanner adds. For tests and benches of reading. The seed says all. Thread safety: one generator, one
// thread.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "services/paper/keys/key_codes.h"
#include "services/paper/scan/grey_image.h"
#include "snowfield/paper/v1/entry.pb.h"
#include "snowfield/paper/v1/printed.pb.h"

namespace snowfield::tests {

// What was done to a row.
enum class Pen {
  kNothing,
  kFilled,      // as the script page says
  kSloppy,      // half filled
  kPencil,      // filled, in grey
  kTicked,      // a tick in place of filling
  kCrossedOut,  // one filled and crossed out, and the right one filled
  kTwoResults,  // both filled
  kNote,        // filled, and something written
  kStray,       // filled, and a stroke across the row
};
inline constexpr int kPens = 9;
const char* NameOf(Pen pen);

struct FilledRow {
  Pen pen = Pen::kNothing;
  int sequence = 0;
  paper::Lines lines = {};
  // What is meant, as it would be stored; unset where only a person can say it (two results, a note).
  bool is_clear = true;
  paper::v1::RowEntry meant = {};
};
struct FilledSheet {
  std::string code;  // of the page
  paper::v1::PrintedSheet printed;
  paper::GreyImage scan = {};
  std::vector<FilledRow> rows;
  int dots_an_inch = 0;
  double skew_degrees = 0;
};

// A page of a PDF, from 1, as pdftoppm draws it (script/install --tests); empty where it can't.
paper::GreyImage DrawPage(const std::string& pdf, size_t page, int dots_an_inch);

// The columns of the script of these sheets.
std::vector<paper::Column> SampleColumns();

class FilledSheets {
 public:
  // Draws a packet and turns its sheets into images: pdftoppm (script/install --tests).
  FilledSheets(uint64_t seed, int doors);

  size_t pages() const { return pages_.size(); }
  // Filled anew, by the dice; page from 0. `plain`: only kNothing and kFilled.
  FilledSheet Fill(size_t page, bool plain = false);

 private:
  struct Page {
    paper::GreyImage image;  // kPageDots an inch
    paper::v1::PrintedSheet printed;
    std::vector<FilledRow> rows;
    std::string code;
  };
  std::mt19937_64 dice_;
  std::vector<Page> pages_;
};

}  // namespace snowfield::tests
