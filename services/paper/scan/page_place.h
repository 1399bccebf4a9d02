// PagePlace: which page an image shows, and where each millimetre of the page is on it.
//
// The square code (found by ZBar) says which page it is, which way up it lies, and about where all else is. From there
// the printed bubbles themselves set the page straight, a few at a time, from the nearest to the code on: each finds
// those that come after it. Nothing in the margins is needed, which a page that lies askew loses to the scanner's edge.
// Thread safety: pure; any number at once.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/paper/print/layout.h"
#include "services/paper/scan/grey_image.h"
#include "snowfield/paper/v1/printed.pb.h"

namespace snowfield::paper {

struct Pixel {
  double x = 0, y = 0;
};

// From millimetres on the page to pixels: turned, scaled, sheared, moved.
struct PageMap {
  std::array<double, 6> c = {1, 0, 0, 0, 1, 0};

  Pixel At(double x, double y) const { return {c[0] * x + c[1] * y + c[2], c[3] * x + c[4] * y + c[5]}; }
  // The same, of a page that is moved by so many millimetres.
  PageMap Moved(double x, double y) const {
    PageMap moved = *this;
    moved.c[2] += c[0] * x + c[1] * y;
    moved.c[5] += c[3] * x + c[4] * y;
    return moved;
  }
};

// The code of a page as it was found, before it is known which paper it is printed on.
struct FoundCode {
  std::string text;
  std::array<Pixel, 4> corners = {};  // of its modules: upper left, upper right, lower right, lower left, as it is read
};
// INVALID_ARGUMENT PAGE_CODE_MISSING naming `field`: there is none that is ours, or there are several.
absl::StatusOr<FoundCode> FindCode(const GreyImage& image, std::string_view field);

struct PagePlace {
  PageMap map;  // about right: within some millimetres, further off far from the code
  double pixels_per_mm = 0;
  int black = 0;  // grey of ink and of paper, about the code
  int white = 255;
};
// INVALID_ARGUMENT IMAGE_RESOLUTION naming `field`: fewer dots an inch than can be read.
absl::StatusOr<PagePlace> PlacePage(const FoundCode& code, const PageFrame& frame, const GreyImage& image,
                                    std::string_view field);

// Where each row of a sheet is, by its bubbles.
struct RowPlace {
  PageMap map;
  bool is_found = false;  // its bubbles are where they were printed
};
std::vector<RowPlace> PlaceRows(const GreyImage& image, const PagePlace& place, const v1::PrintedSheet& printed);

}  // namespace snowfield::paper
