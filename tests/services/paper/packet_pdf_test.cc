// Packets as PDF, looked at by programs of others: pdftoppm draws the pages, zbarimg reads their bar codes, pdffonts
// says what is embedded.
#include "services/paper/print/packet_pdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/paper/sample_packet.h"

namespace snowfield::paper {
namespace {
using ::testing::HasSubstr;

// What the command prints; it must end well.
std::string OutputOf(const std::string& command) {
  FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t count; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), count);
  EXPECT_EQ(pclose(pipe), 0) << command << " (script/install --tests)";
  return text;
}

class PacketPdf : public ::testing::TestWithParam<PacketFormat> {
 protected:
  PacketPdf() {
    std::string name = testing::TempDir() + "packet-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~PacketPdf() override { std::filesystem::remove_all(folder_); }

  std::string Write(const PacketContent& content, const PacketFormat& format) {
    const auto pdf = DrawPacket(content, format, LayOutSheets(content, format));
    EXPECT_TRUE(pdf.ok()) << pdf.status();
    std::string file = folder_ + "/packet.pdf";
    std::ofstream(file) << *pdf;
    // For a person who wants to look: SNOWFIELD_PACKETS=FOLDER.
    if (const char* keep = std::getenv("SNOWFIELD_PACKETS"); keep != nullptr) {
      std::ofstream(absl::StrCat(keep, "/packet-", format.paper == PaperSize::kA4 ? "a4" : "letter",
                                 format.large_type ? "-large" : "", "-", content.doors.size(), ".pdf"))
          << *pdf;
    }
    return file;
  }

  std::string folder_;
};
INSTANTIATE_TEST_SUITE_P(Formats, PacketPdf,
                         ::testing::Values(PacketFormat{PaperSize::kA4, false}, PacketFormat{PaperSize::kA4, true},
                                           PacketFormat{PaperSize::kLetter, false},
                                           PacketFormat{PaperSize::kLetter, true}));

TEST_P(PacketPdf, AnotherReaderReadsTheBarCodeOfEveryPageAt150Dpi) {
  const PacketContent content = tests::SamplePacket(45);
  const std::string file = Write(content, GetParam());
  OutputOf(absl::StrCat("pdftoppm -r 150 -gray -png ", file, " ", folder_, "/page"));
  std::vector<std::string> images;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() == ".png") images.push_back(entry.path());
  }
  std::sort(images.begin(), images.end());
  const auto codes = PageCodesOf(content, LayOutSheets(content, GetParam()).size());
  ASSERT_EQ(images.size(), codes.size());
  for (size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(OutputOf("zbarimg --quiet --raw -Sdisable -Sqrcode.enable " + images[i]), BarCodeText(codes[i]) + "\n");
  }
}

TEST_P(PacketPdf, EveryFontIsEmbedded) {
  const std::string fonts = OutputOf("pdffonts " + Write(tests::SamplePacket(12), GetParam()));
  EXPECT_THAT(fonts, HasSubstr("DejaVu"));
  // "name type encoding emb sub uni object ID", two lines of head.
  size_t at = fonts.find('\n', fonts.find('\n') + 1) + 1;
  int count = 0;
  for (size_t end; (end = fonts.find('\n', at)) != std::string::npos; at = end + 1, ++count) {
    EXPECT_THAT(fonts.substr(at, end - at), HasSubstr(" yes yes ")) << "embedded, and only the letters used";
  }
  EXPECT_GT(count, 0);
}

TEST_P(PacketPdf, NamesOfAnyScriptAreThereAsText) {
  const std::string text = OutputOf(absl::StrCat("pdftotext ", Write(tests::SamplePacket(20), GetParam()), " -"));
  for (const char* name : {"Ana Petrović", "Ольга Иванова", "Đặng Thị Ngọc"}) {
    EXPECT_TRUE(text.find(name) != std::string::npos) << name;
  }
  EXPECT_TRUE(text.find("כהן") != std::string::npos);
}

TEST(PacketBytes, TheSamePacketGivesTheSameBytes) {
  const PacketContent content = tests::SamplePacket(30);
  const auto sheets = LayOutSheets(content, {});
  EXPECT_EQ(*DrawPacket(content, {}, sheets), *DrawPacket(content, {}, sheets));
}

}  // namespace
}  // namespace snowfield::paper
