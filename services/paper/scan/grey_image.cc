#include "services/paper/scan/grey_image.h"

#include <leptonica/allheaders.h>
#include <png.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::paper {
namespace {
constexpr int kGreyLevels = 16;

struct PixDestroy {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using Pix = std::unique_ptr<PIX, PixDestroy>;

// Leptonica tells its errors on standard error by itself; ours go to whoever called.
void BeQuiet() {
  static const int before = setMsgSeverity(L_SEVERITY_NONE);
  (void)before;
}

absl::Status Unreadable(std::string_view field) {
  return base::InvalidField(field, "IMAGE_UNREADABLE", "send one page as a PNG");
}

// Of 8 bits.
GreyImage ToGrey(const Pix& grey) {
  GreyImage image{.width = pixGetWidth(grey.get()), .height = pixGetHeight(grey.get())};
  image.pixels.resize(static_cast<size_t>(image.width) * image.height);
  const l_uint32* const data = pixGetData(grey.get());
  const int words = pixGetWpl(grey.get());
  for (int y = 0; y < image.height; ++y) {
    const l_uint32* const line = data + static_cast<ptrdiff_t>(y) * words;
    for (int x = 0; x < image.width; ++x) {
      image.pixels[static_cast<size_t>(y) * image.width + x] = static_cast<uint8_t>(GET_DATA_BYTE(line, x));
    }
  }
  return image;
}

Pix FromGrey(const GreyImage& image) {
  Pix pix(pixCreateNoInit(image.width, image.height, 8));
  if (pix == nullptr) return pix;
  l_uint32* const data = pixGetData(pix.get());
  const int words = pixGetWpl(pix.get());
  for (int y = 0; y < image.height; ++y) {
    l_uint32* const line = data + static_cast<ptrdiff_t>(y) * words;
    for (int x = 0; x < image.width; ++x) SET_DATA_BYTE(line, x, image.At(x, y));
  }
  return pix;
}

}  // namespace

absl::StatusOr<GreyImage> ReadImage(std::string_view bytes, std::string_view field) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0) return Unreadable(field);
  if (png.width > kImageSideMax || png.height > kImageSideMax || int64_t{png.width} * png.height > kImagePixelsMax) {
    png_image_free(&png);
    return base::InvalidField(field, "IMAGE_TOO_LARGE", "scan the page with 150 to 300 dots an inch");
  }
  png.format = PNG_FORMAT_GRAY;
  GreyImage image{.width = static_cast<int>(png.width), .height = static_cast<int>(png.height)};
  image.pixels.resize(static_cast<size_t>(image.width) * image.height);
  const png_color white = {255, 255, 255};
  if (png_image_finish_read(&png, &white, image.pixels.data(), 0, nullptr) != 0) return image;
  png_image_free(&png);
  return Unreadable(field);
}

absl::StatusOr<std::string> WritePng(const GreyImage& image) {
  BeQuiet();
  const absl::Status no_memory = absl::ResourceExhaustedError("an image could not be written: no memory");
  const Pix whole = FromGrey(image);
  if (whole == nullptr) return no_memory;
  const Pix pix(pixThresholdTo4bpp(whole.get(), kGreyLevels, /*cmapflag=*/0));
  l_uint8* bytes = nullptr;
  size_t count = 0;
  if (pix == nullptr || pixWriteMemPng(&bytes, &count, pix.get(), 0) != 0) return no_memory;
  std::string png(reinterpret_cast<const char*>(bytes), count);
  lept_free(bytes);
  return png;
}

GreyImage FitInto(const GreyImage& image, int side_max) {
  const int side = std::max(image.width, image.height);
  if (side <= side_max) return image;
  BeQuiet();
  const float scale = static_cast<float>(side_max) / static_cast<float>(side);
  const Pix whole = FromGrey(image);
  const Pix small(whole == nullptr ? nullptr : pixScaleAreaMap(whole.get(), scale, scale));
  return small == nullptr ? image : ToGrey(small);
}

GreyImage BlackAndWhite(const GreyImage& image) {
  BeQuiet();
  const Pix whole = FromGrey(image);
  const Pix smooth(whole == nullptr ? nullptr : pixMedianFilter(whole.get(), 3, 3));
  if (smooth == nullptr) return image;
  PIX* binary = nullptr;
  pixOtsuAdaptiveThreshold(smooth.get(), image.width, image.height, 0, 0, 0.1F, nullptr, &binary);
  const Pix binary_owned(binary);
  const Pix grey(binary == nullptr ? nullptr : pixConvertTo8(binary, /*cmapflag=*/0));
  return grey == nullptr ? image : ToGrey(grey);
}

}  // namespace snowfield::paper
