// GreyImage: a page of a scanner, 8 bits of grey a pixel, 0 black, row by row from the upper left.
//
// libpng reads it: hostile bytes too, without a word on standard error. Leptonica writes and changes it. Thread safety:
// a plain value; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace snowfield::paper {

// A side, and a whole image: A4 at 600 dots an inch has 35 million.
inline constexpr int kImageSideMax = 12'000;
inline constexpr int64_t kImagePixelsMax = 40'000'000;

struct GreyImage {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> pixels = {};

  bool Has(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
  // White outside.
  uint8_t At(int x, int y) const { return Has(x, y) ? pixels[static_cast<size_t>(y) * width + x] : 255; }
};

// PNG of any depth and colour; other formats are the client's to turn into it. INVALID_ARGUMENT naming `field`:
// IMAGE_UNREADABLE, IMAGE_TOO_LARGE.
absl::StatusOr<GreyImage> ReadImage(std::string_view bytes, std::string_view field);
// PNG in 16 levels of grey. RESOURCE_EXHAUSTED where there is no memory for it.
absl::StatusOr<std::string> WritePng(const GreyImage& image);
// Shrunk so that no side is longer; as it is where none was.
GreyImage FitInto(const GreyImage& image, int side_max);
// Without grain and specks (a median of 3 by 3), in black and white alone (Otsu's threshold).
GreyImage BlackAndWhite(const GreyImage& image);

}  // namespace snowfield::paper
