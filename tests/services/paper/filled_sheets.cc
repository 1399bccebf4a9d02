#include "tests/services/paper/filled_sheets.h"

#include <cairo.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/paper/print/packet_pdf.h"
#include "services/paper/scan/printed_sheet.h"
#include "tests/services/paper/sample_packet.h"

namespace snowfield::tests {
namespace {
using paper::Box;
using paper::BoxOf;
using paper::GreyImage;
namespace v1 = paper::v1;
constexpr int kPageDots = 300;
constexpr double kPixelsPerMm = kPageDots / 25.4;

double Between(std::mt19937_64& dice, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(dice);
}
bool Chance(std::mt19937_64& dice, double share) { return Between(dice, 0, 1) < share; }
int Any(std::mt19937_64& dice, int count) { return std::uniform_int_distribution<int>(0, count - 1)(dice); }

// Strokes on a page.
class Ink {
 public:
  Ink(const GreyImage& page, std::mt19937_64& dice) : dice_(dice) {
    surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, page.width, page.height));
    cairo_.reset(cairo_create(surface_.get()));
    unsigned char* const data = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    for (int y = 0; y < page.height; ++y) {
      for (int x = 0; x < page.width; ++x) {
        for (int c = 0; c < 3; ++c) data[static_cast<ptrdiff_t>(y) * stride + 4 * x + c] = page.At(x, y);
      }
    }
    cairo_surface_mark_dirty(surface_.get());
    cairo_scale(cairo_.get(), kPixelsPerMm, kPixelsPerMm);
    cairo_set_line_cap(cairo_.get(), CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
  }

  void Use(double darkness, double width) {
    cairo_set_source_rgb(cairo_.get(), 1 - darkness, 1 - darkness, 1 - darkness);
    cairo_set_line_width(cairo_.get(), width);
  }
  // To and fro over the bubble; `share` of it is inked in the end.
  void Scribble(const Box& box, double share) {
    const double edge = 0.55, pitch = 0.42;
    const double right = box.x + edge + (box.width - 2 * edge) * share;
    bool up = false;
    double y = box.y + edge;
    cairo_move_to(cairo_.get(), box.x + edge, y);
    for (double x = box.x + edge; x <= right; x += pitch) {
      // Round ends: less high there.
      const double radius = box.height / 2;
      const double off = std::max({0.0, box.x + radius - x, x - (box.x + box.width - radius)});
      const double half = std::sqrt(std::max(0.0, radius * radius - off * off)) - edge / 2;
      y = box.y + radius + (up ? -half : half) + Between(dice_, -0.15, 0.15);
      cairo_line_to(cairo_.get(), x + Between(dice_, -0.1, 0.1), y);
      cairo_line_to(cairo_.get(), x + Between(dice_, -0.1, 0.1), 2 * (box.y + radius) - y);
      up = !up;
    }
    cairo_stroke(cairo_.get());
  }
  void Tick(const Box& box) {
    const double size = Between(dice_, 0.6, 1.1);
    cairo_move_to(cairo_.get(), box.x + box.width * 0.25, box.y + box.height * 0.5);
    cairo_rel_line_to(cairo_.get(), 1.0 * size, 1.3 * size);
    cairo_rel_line_to(cairo_.get(), 2.2 * size, -3.0 * size);
    cairo_stroke(cairo_.get());
  }
  void Cross(const Box& box) {
    for (const double turn : {1.0, -1.0}) {
      const double middle = box.y + box.height / 2, half = box.height * 0.75;
      cairo_move_to(cairo_.get(), box.x - 0.8, middle - turn * half);
      cairo_line_to(cairo_.get(), box.x + box.width + 0.8, middle + turn * half);
    }
    cairo_stroke(cairo_.get());
  }
  // Something like handwriting along the line.
  void Write(double x, double y, double width) {
    cairo_move_to(cairo_.get(), x, y);
    for (double at = 0; at < width; at += Between(dice_, 0.8, 1.8)) {
      cairo_rel_curve_to(cairo_.get(), 0.4, -Between(dice_, 1, 3.5), 0.8, Between(dice_, 1, 3), 1.1,
                         Between(dice_, -0.4, 0.4));
    }
    cairo_stroke(cairo_.get());
  }
  void Stroke(double x, double y, double to_x, double to_y) {
    cairo_move_to(cairo_.get(), x, y);
    cairo_line_to(cairo_.get(), to_x, to_y);
    cairo_stroke(cairo_.get());
  }

  GreyImage Take() const {
    cairo_surface_flush(surface_.get());
    GreyImage page{.width = cairo_image_surface_get_width(surface_.get()),
                   .height = cairo_image_surface_get_height(surface_.get())};
    const unsigned char* const data = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    page.pixels.resize(static_cast<size_t>(page.width) * page.height);
    for (int y = 0; y < page.height; ++y) {
      for (int x = 0; x < page.width; ++x) {
        page.pixels[static_cast<size_t>(y) * page.width + x] = data[static_cast<ptrdiff_t>(y) * stride + 4 * x];
      }
    }
    return page;
  }

 private:
  struct SurfaceDestroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  struct CairoDestroy {
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  };
  std::mt19937_64& dice_;
  std::unique_ptr<cairo_surface_t, SurfaceDestroy> surface_;
  std::unique_ptr<cairo_t, CairoDestroy> cairo_;
};

// A row under a pen: what is drawn, and what is meant by it.
class RowPen {
 public:
  RowPen(const v1::PrintedRow& printed, FilledRow& row, Ink& ink, std::mt19937_64& dice)
      : printed_(printed), row_(row), ink_(ink), dice_(dice), columns_(SampleColumns()) {}

  void Draw() {
    row_.is_clear = row_.pen != Pen::kTwoResults && row_.pen != Pen::kNote;
    if (row_.pen == Pen::kNothing || printed_.marks().empty()) {
      row_.pen = Pen::kNothing;
      row_.is_clear = true;
      row_.meant.set_blank(true);
      return;
    }
    ink_.Use(row_.pen == Pen::kPencil ? Between(dice_, 0.55, 0.7) : Between(dice_, 0.75, 1), Between(dice_, 0.4, 0.6));
    const bool talked = Chance(dice_, 0.5);
    // Not those that need a language, or say no.
    const int result = talked ? 1 : std::vector<int>{2, 3, 5, 7, 9, 12}[Any(dice_, 6)];
    Fill(0, result, 0);
    if (talked) Answers();
    if (row_.pen == Pen::kTwoResults) ink_.Scribble(*Find(0, result == 2 ? 12 : 2, 0), 1);
    if (row_.pen == Pen::kCrossedOut) {
      const Box wrong = *Find(0, result == 4 ? 14 : 4, 0);
      ink_.Scribble(wrong, 1);
      ink_.Cross(wrong);
    }
    const Box row = BoxOf(printed_.box());
    if (row_.pen == Pen::kNote) {
      ink_.Write(row.x + Between(dice_, 25, 60), row.y + row.height - 2.2, Between(dice_, 10, 60));
    }
    if (row_.pen == Pen::kStray) {
      const double y = row.y + Between(dice_, 0.3, 0.7) * row.height;
      ink_.Stroke(row.x + Between(dice_, 40, 70), y, row.x + Between(dice_, 120, 180), y + Between(dice_, -2, 2));
    }
  }

 private:
  std::optional<Box> Find(int column, int choice, int line) const {
    for (const v1::PrintedMark& mark : printed_.marks()) {
      if (mark.column() == column && mark.choice() == choice && mark.line() == line) return BoxOf(mark.box());
    }
    return std::nullopt;
  }
  void Fill(int column, int choice, int line) {
    const Box box = *Find(column, choice, line);
    if (row_.pen == Pen::kTicked) {
      ink_.Tick(box);
    } else {
      ink_.Scribble(box, row_.pen == Pen::kSloppy ? Between(dice_, 0.35, 0.75) : Between(dice_, 0.97, 1));
    }
    if (column == 0) {
      row_.meant.mutable_marks()->set_result(static_cast<canvass::v1::KnockResult>(choice));
    } else {
      const paper::Column& known = columns_[column - 1];
      paper::AddAnswer(known, line == 0 ? 0 : row_.lines[line - 1], known.question.answers(choice - 1),
                       *row_.meant.mutable_marks());
    }
  }
  void Answers() {
    for (int line = row_.lines.empty() ? 0 : 1; line <= static_cast<int>(row_.lines.size()); ++line) {
      if (Chance(dice_, 0.7)) Fill(1, 1 + Any(dice_, 5), line);
      if (Chance(dice_, 0.4)) Fill(3, 1 + Any(dice_, 3), line);
      if (Chance(dice_, 0.3)) Fill(4, 1 + Any(dice_, 3), line);
    }
  }

  const v1::PrintedRow& printed_;
  FilledRow& row_;
  Ink& ink_;
  std::mt19937_64& dice_;
  const std::vector<paper::Column> columns_;
};

// Turned, moved, made coarser, paler, with grain and specks.
GreyImage Scan(const GreyImage& page, int dots, double skew_degrees, std::mt19937_64& dice) {
  const double scale = static_cast<double>(kPageDots) / dots;
  const double turn = skew_degrees * M_PI / 180 + (Chance(dice, 0.15) ? M_PI : 0);  // now and then upside down
  GreyImage scan{.width = static_cast<int>(page.width / scale), .height = static_cast<int>(page.height / scale)};
  scan.pixels.resize(static_cast<size_t>(scan.width) * scan.height);
  const double shift_x = Between(dice, -2, 2) * kPixelsPerMm, shift_y = Between(dice, -2, 2) * kPixelsPerMm;
  const double white = Between(dice, 225, 255), black = Between(dice, 0, 50), grain = Between(dice, 0, 14);
  const double specks = Between(dice, 0, 0.0008);
  std::normal_distribution<double> noise(0, grain);
  const double cosine = std::cos(turn), sine = std::sin(turn);
  const int reach = std::max(0, static_cast<int>(std::lround(scale / 2 - 0.25)));
  for (int y = 0; y < scan.height; ++y) {
    for (int x = 0; x < scan.width; ++x) {
      const double u = (x + 0.5 - scan.width / 2.0) * scale, v = (y + 0.5 - scan.height / 2.0) * scale;
      const double px = cosine * u - sine * v + page.width / 2.0 + shift_x;
      const double py = sine * u + cosine * v + page.height / 2.0 + shift_y;
      double sum = 0;
      int count = 0;
      for (int dy = -reach; dy <= reach + 1; ++dy) {
        for (int dx = -reach; dx <= reach + 1; ++dx, ++count) {
          sum += page.At(static_cast<int>(std::floor(px)) + dx, static_cast<int>(std::floor(py)) + dy);
        }
      }
      double grey = black + (white - black) * sum / count / 255 + noise(dice);
      if (Chance(dice, specks)) grey = Chance(dice, 0.5) ? 0 : 255;
      scan.pixels[static_cast<size_t>(y) * scan.width + x] = static_cast<uint8_t>(std::clamp(grey, 0.0, 255.0));
    }
  }
  return scan;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

const char* NameOf(Pen pen) {
  constexpr const char* kNames[kPens] = {"nothing marked", "filled",      "half filled",  "pencil",      "ticked",
                                         "crossed out",    "two results", "note written", "stray stroke"};
  return kNames[static_cast<int>(pen)];
}

GreyImage DrawPage(const std::string& pdf, size_t page, int dots_an_inch) {
  std::string folder = std::filesystem::temp_directory_path() / "sheets-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return {};
  std::ofstream(folder + "/packet.pdf") << pdf;
  const std::string command = absl::StrFormat("pdftoppm -r %d -gray -png -singlefile -f %d -l %d %s/packet.pdf %s/page",
                                              dots_an_inch, page, page, folder, folder);
  GreyImage image;
  if (system(command.c_str()) == 0) image = paper::ReadImage(ReadFile(folder + "/page.png"), "image").value();
  std::filesystem::remove_all(folder);
  return image;
}

std::vector<paper::Column> SampleColumns() {
  namespace wire = canvass::v1;
  wire::Script script;
  wire::Question& support = *script.add_questions();
  support.set_code("support");
  support.set_kind(wire::QUESTION_KIND_ONE_OF);
  for (const char* answer : {"1", "2", "3", "4", "5"}) support.add_answers(answer);
  wire::Question& issue = *script.add_questions();
  issue.set_code("issue");
  issue.set_kind(wire::QUESTION_KIND_FREE_TEXT);
  script.add_asks(wire::ASK_KIND_VOLUNTEER);
  script.add_asks(wire::ASK_KIND_YARD_SIGN);
  return paper::ColumnsOf(script);
}

FilledSheets::FilledSheets(uint64_t seed, int doors) : dice_(seed) {
  const paper::PacketContent content = SamplePacket(doors);
  const paper::PacketFormat format{.paper = seed % 2 == 0 ? paper::PaperSize::kA4 : paper::PaperSize::kLetter,
                                   .large_type = seed % 5 == 4};
  const std::vector<paper::Sheet> sheets = LayOutSheets(content, format);
  const auto codes = PageCodesOf(content, sheets.size());
  const std::string pdf = DrawPacket(content, format, sheets).value();
  for (size_t i = 0; i < sheets.size(); ++i) {
    const size_t page = paper::kPagesBeforeSheets + 1 + i;
    GreyImage image = DrawPage(pdf, page, kPageDots);
    if (image.width == 0) break;
    Page& made = pages_.emplace_back();
    made.image = std::move(image);
    made.printed = PrintedSheetOf(sheets[i], format);
    made.code = BarCodeText(codes[page - 1]);
    for (const paper::SheetRow& row : sheets[i].rows) {
      made.rows.push_back({.sequence = row.sequence, .lines = row.person_ids});
    }
  }
}

FilledSheet FilledSheets::Fill(size_t page, bool plain) {
  const Page& blank = pages_[page];
  FilledSheet sheet{.code = blank.code, .printed = blank.printed, .rows = blank.rows};
  Ink ink(blank.image, dice_);
  for (int i = 0; i < sheet.printed.rows_size(); ++i) {
    FilledRow& row = sheet.rows[i];
    const double toss = Between(dice_, 0, 1);
    row.pen = toss < 0.25 ? Pen::kNothing : toss < (plain ? 1 : 0.7) ? Pen::kFilled : Pen(2 + Any(dice_, kPens - 2));
    RowPen(sheet.printed.rows(i), row, ink, dice_).Draw();
  }
  sheet.dots_an_inch = std::vector<int>{150, 200, 240, 300}[Any(dice_, 4)];
  sheet.skew_degrees = Between(dice_, -5, 5);
  sheet.scan = Scan(ink.Take(), sheet.dots_an_inch, sheet.skew_degrees, dice_);
  return sheet;
}

}  // namespace snowfield::tests
