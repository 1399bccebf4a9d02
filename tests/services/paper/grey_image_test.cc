// Images from strangers: read, or refused with a reason; never more memory than a page takes, never a crash.
#include "services/paper/scan/grey_image.h"

#include <gtest/gtest.h>
#include <leptonica/allheaders.h>

#include <random>
#include <string>

#include "base/status.h"
#include "services/paper/scan/page_place.h"

namespace snowfield::paper {
namespace {

GreyImage Noise(int width, int height) {
  GreyImage image{.width = width, .height = height};
  image.pixels.resize(static_cast<size_t>(width) * height);
  std::mt19937 dice(7);
  for (uint8_t& pixel : image.pixels) pixel = static_cast<uint8_t>(dice());
  return image;
}

std::string Written(int format, int width = 60, int height = 40) {
  PIX* pix = pixCreate(width, height, 8);
  l_uint8* bytes = nullptr;
  size_t count = 0;
  EXPECT_EQ(pixWriteMem(&bytes, &count, pix, format), 0);
  pixDestroy(&pix);
  std::string written(reinterpret_cast<const char*>(bytes), count);
  lept_free(bytes);
  return written;
}

std::string ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

TEST(GreyImageTest, APngIsReadAndNothingElseIs) {
  const auto image = ReadImage(Written(IFF_PNG), "image");
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image->width, 60);
  EXPECT_EQ(image->height, 40);
  for (const int format : {IFF_TIFF, IFF_JFIF_JPEG, IFF_BMP, IFF_PNM}) {
    EXPECT_EQ(ReasonOf(ReadImage(Written(format), "image").status()), "IMAGE_UNREADABLE") << format;
  }
  EXPECT_EQ(ReasonOf(ReadImage("", "image").status()), "IMAGE_UNREADABLE");
}

TEST(GreyImageTest, WhatIsWrittenIsReadInSixteenGreys) {
  const GreyImage image = Noise(301, 40);
  const auto again = ReadImage(WritePng(image).value(), "image");
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again->width, 301);
  for (size_t i = 0; i < image.pixels.size(); ++i) EXPECT_NEAR(again->pixels[i], image.pixels[i], 9);
}

TEST(GreyImageTest, AnImageThatIsTooLargeIsRefusedByItsHeader) {
  EXPECT_EQ(ReasonOf(ReadImage(Written(IFF_PNG, kImageSideMax + 1, 2), "image").status()), "IMAGE_TOO_LARGE");
  EXPECT_EQ(ReasonOf(ReadImage(Written(IFF_PNG, 8'000, 8'000), "image").status()), "IMAGE_TOO_LARGE") << "small packed";
}

TEST(GreyImageTest, SpoiltBytesNeverCrash) {
  std::mt19937 dice(11);
  const std::string good = Written(IFF_PNG);
  for (int round = 0; round < 2'000; ++round) {
    std::string spoilt = good;
    for (int i = 0; i < 4; ++i) spoilt[dice() % spoilt.size()] = static_cast<char>(dice());
    if (round % 3 == 0) spoilt.resize(dice() % spoilt.size());
    ReadImage(spoilt, "image").IgnoreError();
  }
}

TEST(GreyImageTest, FitsIntoASideAndNeverGrows) {
  EXPECT_EQ(FitInto(Noise(400, 200), 100).width, 100);
  EXPECT_EQ(FitInto(Noise(400, 200), 100).height, 50);
  EXPECT_EQ(FitInto(Noise(40, 20), 100).width, 40);
}

TEST(PagePlaceTest, NoiseHasNoCode) {
  EXPECT_EQ(ReasonOf(FindCode(Noise(800, 1100), "image").status()), "PAGE_CODE_MISSING");
}

}  // namespace
}  // namespace snowfield::paper
