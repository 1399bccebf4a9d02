// Files of scanners, page by page, as PNGs that the server takes.
#include "services/cli/scan/page_images.h"

#include <gtest/gtest.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/status.h"
#include "services/paper/print/packet_pdf.h"
#include "services/paper/scan/grey_image.h"
#include "tests/services/paper/sample_packet.h"

namespace snowfield::cli {
namespace {

class PageImages : public ::testing::Test {
 protected:
  PageImages() {
    std::string name = testing::TempDir() + "pages-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~PageImages() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
    return folder_ + "/" + name;
  }
  // The sizes of the pages, or the reason of what is wrong.
  std::string Read(const std::string& path) {
    pages_.clear();
    int last = 0;
    const absl::Status status = ForEachPage(path, [&](int page, int count, const std::string& png) {
      EXPECT_EQ(page, ++last);
      EXPECT_GE(count, page);
      pages_.push_back(paper::ReadImage(png, "image").value());
      return absl::OkStatus();
    });
    return status.ok() ? "" : base::DetailOf(status).reason;
  }

  std::string folder_;
  std::vector<paper::GreyImage> pages_;
};

TEST_F(PageImages, EachPageOfAPdf) {
  const paper::PacketContent content = tests::SamplePacket(20);
  const auto sheets = LayOutSheets(content, {});
  // A name that a shell would read otherwise.
  const std::string path = Write("it's $HOME; a scan.pdf", DrawPacket(content, {}, sheets).value());
  EXPECT_EQ(Read(path), "") << "script/install --tests";
  ASSERT_EQ(pages_.size(), sheets.size() + paper::kPagesBeforeSheets);
  EXPECT_NEAR(pages_[0].height, 297 / 25.4 * 200, 3);
}

TEST_F(PageImages, EachPageOfATiffAndLargeOnesAreMadeSmaller) {
  const std::string path = folder_ + "/scan.tif";
  for (int page = 0; page < 3; ++page) {
    PIX* pix = pixCreate(2480 + page, 3508, 1);
    ASSERT_EQ(pixWriteTiff(path.c_str(), pix, IFF_TIFF_G4, page == 0 ? "w" : "a"), 0);
    pixDestroy(&pix);
  }
  EXPECT_EQ(Read(path), "");
  ASSERT_EQ(pages_.size(), 3);
  EXPECT_EQ(pages_[0].height, kPageSideMax);
}

TEST_F(PageImages, APng) {
  paper::GreyImage image{.width = 700, .height = 900};
  image.pixels.resize(size_t{700} * 900, 200);
  EXPECT_EQ(Read(Write("scan.png", paper::WritePng(image).value())), "");
  ASSERT_EQ(pages_.size(), 1);
  EXPECT_EQ(pages_[0].width, 700);
}

TEST_F(PageImages, WhatIsNoScanIsSaid) {
  EXPECT_EQ(Read(folder_ + "/none.png"), "FILE_NOT_FOUND");
  EXPECT_EQ(Read(Write("words.txt", "no image")), "FILE_UNREADABLE");
  EXPECT_EQ(Read(Write("bad.pdf", "%PDF-1.7 and no more")), "FILE_UNREADABLE");
  EXPECT_EQ(Read(Write("bad.tif", "II*and no more")), "FILE_UNREADABLE");
  EXPECT_EQ(Read(Write("empty.png", "")), "FILE_UNREADABLE");
}

}  // namespace
}  // namespace snowfield::cli
