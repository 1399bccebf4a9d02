#include "services/paper/scan/page_place.h"

#include <zbar.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "services/paper/print/canvas.h"

namespace snowfield::paper {
namespace {
constexpr absl::string_view kOurs = "SF1/";
// Longest sides with which the code is looked for, one after the other until it is found: it is large, and ZBar is
// slow.
constexpr std::array<int, 3> kCodeSides = {2000, 1500, 1250};
constexpr double kDotsPerMmMin = 4.7;  // 120 an inch

struct ScannerDestroy {
  void operator()(zbar::zbar_image_scanner_t* scanner) const { zbar::zbar_image_scanner_destroy(scanner); }
};
struct ImageDestroy {
  void operator()(zbar::zbar_image_t* image) const { zbar::zbar_image_destroy(image); }
};

// Through the corners of the code: turned, scaled and moved so that they fit best (least squares).
PageMap SimilarityOf(const std::array<Pixel, 4>& page, const std::array<Pixel, 4>& pixels) {
  Pixel from, to;
  for (int i = 0; i < 4; ++i) {
    from = {from.x + page[i].x / 4, from.y + page[i].y / 4};
    to = {to.x + pixels[i].x / 4, to.y + pixels[i].y / 4};
  }
  double along = 0, across = 0, size = 0;
  for (int i = 0; i < 4; ++i) {
    const double x = page[i].x - from.x, y = page[i].y - from.y;
    const double u = pixels[i].x - to.x, v = pixels[i].y - to.y;
    along += x * u + y * v;
    across += x * v - y * u;
    size += x * x + y * y;
  }
  const double a = along / size, b = across / size;
  return {{a, -b, to.x - a * from.x + b * from.y, b, a, to.y - b * from.x - a * from.y}};
}

// Greys of ink and paper: the code has much of both.
void Weigh(const GreyImage& image, const FoundCode& code, PagePlace& place) {
  std::vector<int> greys;
  constexpr int kSteps = 60;
  for (int i = 0; i <= kSteps; ++i) {
    for (int j = 0; j <= kSteps; ++j) {
      const double u = static_cast<double>(i) / kSteps, v = static_cast<double>(j) / kSteps;
      const auto between = [&](double Pixel::*axis) {
        return (1 - v) * ((1 - u) * code.corners[0].*axis + u * code.corners[1].*axis) +
               v * ((1 - u) * code.corners[3].*axis + u * code.corners[2].*axis);
      };
      greys.push_back(image.At(static_cast<int>(std::lround(between(&Pixel::x))),
                               static_cast<int>(std::lround(between(&Pixel::y)))));
    }
  }
  std::sort(greys.begin(), greys.end());
  place.black = greys[greys.size() / 10];
  place.white = greys[greys.size() * 9 / 10];
}

// Each code of ours once.
std::vector<FoundCode> OurCodes(const GreyImage& image, double scale) {
  const std::unique_ptr<zbar::zbar_image_scanner_t, ScannerDestroy> scanner(zbar::zbar_image_scanner_create());
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
  const std::unique_ptr<zbar::zbar_image_t, ImageDestroy> view(zbar::zbar_image_create());
  zbar::zbar_image_set_format(view.get(), zbar_fourcc('Y', '8', '0', '0'));
  zbar::zbar_image_set_size(view.get(), image.width, image.height);
  zbar::zbar_image_set_data(view.get(), image.pixels.data(), image.pixels.size(), nullptr);
  zbar::zbar_scan_image(scanner.get(), view.get());
  std::vector<FoundCode> codes;
  for (const zbar::zbar_symbol_t* symbol = zbar::zbar_image_first_symbol(view.get()); symbol != nullptr;
       symbol = zbar::zbar_symbol_next(symbol)) {
    const absl::string_view text(zbar::zbar_symbol_get_data(symbol), zbar::zbar_symbol_get_data_length(symbol));
    if (!absl::StartsWith(text, kOurs) || zbar::zbar_symbol_get_loc_size(symbol) < 4) continue;
    FoundCode& code = codes.emplace_back();
    code.text = std::string(text);
    // ZBar goes round the other way: upper left, lower left, lower right, upper right.
    for (const auto& [mine, theirs] : {std::pair(0, 0), std::pair(1, 3), std::pair(2, 2), std::pair(3, 1)}) {
      code.corners[mine] = {zbar::zbar_symbol_get_loc_x(symbol, theirs) * scale,
                            zbar::zbar_symbol_get_loc_y(symbol, theirs) * scale};
    }
  }
  return codes;
}

}  // namespace

absl::StatusOr<FoundCode> FindCode(const GreyImage& image, std::string_view field) {
  for (const int side : kCodeSides) {
    const GreyImage small = FitInto(image, side);
    const double scale = static_cast<double>(image.width) / small.width;
    std::vector<FoundCode> codes = OurCodes(small, scale);
    // ZBar does not like grain.
    if (codes.empty()) codes = OurCodes(BlackAndWhite(small), scale);
    if (codes.size() == 1) return codes.front();
    if (codes.size() > 1) {
      return base::InvalidField(field, "PAGE_CODE_MISSING", "the image shows two pages: scan one at a time");
    }
  }
  return base::InvalidField(field, "PAGE_CODE_MISSING",
                            "no square code of ours was found: scan the page again, whole, with 200 dots an inch");
}

absl::StatusOr<PagePlace> PlacePage(const FoundCode& code, const PageFrame& frame, const GreyImage& image,
                                    std::string_view field) {
  PagePlace place;
  Weigh(image, code, place);
  SNOWFIELD_ASSIGN_OR_RETURN(const Box square, ModulesOf(frame.code, code.text));
  const double right = square.x + square.width, bottom = square.y + square.height;
  place.map =
      SimilarityOf({{{square.x, square.y}, {right, square.y}, {right, bottom}, {square.x, bottom}}}, code.corners);
  place.pixels_per_mm = std::hypot(place.map.c[0], place.map.c[3]);
  if (place.pixels_per_mm >= kDotsPerMmMin) return place;
  return base::InvalidField(field, "IMAGE_RESOLUTION", "scan the page with 150 to 300 dots an inch");
}

}  // namespace snowfield::paper
