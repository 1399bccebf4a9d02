// A clerk at the terminal: what is typed into the form, line by line, against a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/cli/client.h"
#include "services/cli/paper_entry_form.h"
#include "services/paper/scan/grey_image.h"
#include "services/rpc/timestamp.h"
#include "tests/services/paper/filled_sheets.h"
#include "tests/services/paper/paper_desk.h"

namespace snowfield::cli {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

class EntryFormTest : public ::testing::Test {
 protected:
  // What the form says to these lines.
  std::string Type(int64_t batch, const std::string& lines, bool second = false, const std::string& token = "") {
    Session session;
    session.address = desk_.address();
    session.token = token.empty() ? desk_.clerk_token : token;
    const absl::StatusOr<Client> client = Client::Open(session);
    EXPECT_TRUE(client.ok()) << client.status();
    std::istringstream in(lines);
    std::ostringstream out;
    const absl::Status status = EntryForm(*client, {.batch_id = batch, .second = second}, in, out).Run();
    EXPECT_TRUE(status.ok()) << status;
    return out.str();
  }
  std::string Code(int page) const { return tests::PaperDesk::CodeOf(packet_, page); }

  tests::PaperDesk desk_;
  int64_t packet_ = desk_.Print(1);
};

TEST_F(EntryFormTest, KeysAStackFromTheScannerToTheClose) {
  const int64_t batch = desk_.Open();
  const std::string said =
      Type(batch, absl::StrCat(Code(3), "\ncv 1.a2 1.cy\nnh\nrf\n-\nxx\n", Code(4), "\ncv 2.a4 ; later\n/close\n"));
  EXPECT_THAT(said, HasSubstr("page 3 of 4"));
  EXPECT_THAT(said, HasSubstr("a support: 1 2 3 4 5"));
  EXPECT_THAT(said, HasSubstr("1  100 Elm Street  1 First0 Last0 (46)  2 First1 Last0 (46)  [0/5] > "));
  EXPECT_THAT(said, HasSubstr("row 1: cv 1.a=2 1.c=yes"));
  EXPECT_THAT(said, HasSubstr("page 3 is keyed"));
  EXPECT_THAT(said, HasSubstr(absl::StrCat("batch ", batch, " is closed: 4 knocks")));
}

TEST_F(EntryFormTest, GoesOnWhereItWasWhenItDied) {
  const int64_t batch = desk_.Open();
  EXPECT_THAT(Type(batch, absl::StrCat(Code(3), "\nnh\nnh\n")), HasSubstr("stays open"));
  const std::string said = Type(batch, absl::StrCat(Code(3), "\n1\nrf\n/undo\n/done\n", Code(4), "\n/done\n/close\n"));
  EXPECT_THAT(said, HasSubstr("rows: 2 keyed, 0 blank, 0 unreadable, 3 open"));
  EXPECT_THAT(said, HasSubstr("this page is here already"));
  EXPECT_THAT(said, HasSubstr("keyed: nh")) << "row 1 was gone to";
  EXPECT_THAT(said, HasSubstr("row 1: rf"));
  EXPECT_THAT(said, HasSubstr("row 1 is nh again"));
  EXPECT_THAT(said, HasSubstr("3 rows are blank"));
  EXPECT_THAT(said, HasSubstr("is closed: 2 knocks"));
}

TEST_F(EntryFormTest, SaysWhatIsWrongAndAsksAgain) {
  const int64_t batch = desk_.Open();
  const std::string said = Type(
      batch, absl::StrCat("nh\n412-3-99\n", Code(3), "\nnh 1.a1\ncv a2\n77\n/what\n/write 9999 elm\n/close\n/quit\n"));
  EXPECT_THAT(said, HasSubstr("scan a page"));
  EXPECT_THAT(said, HasSubstr("was misread"));
  EXPECT_THAT(said, HasSubstr("NH (Not home) and something that was said"));
  EXPECT_THAT(said, HasSubstr("say whose line"));
  EXPECT_THAT(said, HasSubstr("this page has no row 77"));
  EXPECT_THAT(said, HasSubstr("/help lists them"));
  EXPECT_THAT(said, HasSubstr("no such door on the map"));
  EXPECT_THAT(said, HasSubstr("1 pages not scanned, 5 rows not keyed"));
  EXPECT_THAT(said, Not(HasSubstr("is closed")));
}

TEST_F(EntryFormTest, MissingPagesWrittenRowsAndDifferences) {
  const int64_t batch = desk_.Open(/*second_entry=*/true);
  Type(batch, absl::StrCat(Code(3), "\n/write 112 elm\nnh\n/done\n/missing 4 lost\n"));
  const std::string second = Type(batch, absl::StrCat(Code(3), "\n1001\nrf\n/done\n"), true, desk_.other_clerk_token);
  EXPECT_THAT(second, HasSubstr("1 differ"));
  const std::string judged = Type(batch, "/differences\n2\n/close\n");
  EXPECT_THAT(judged, HasSubstr("1  nh"));
  EXPECT_THAT(judged, HasSubstr("2  rf"));
  EXPECT_THAT(judged, HasSubstr("is closed: 1 knocks"));
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where result = 3"), 1);
}

TEST_F(EntryFormTest, ShowsRowsThatAScanIsNotSureOfAndTakesWhatWasRead) {
  const int64_t batch = desk_.Open();
  paper::v1::ReadPageRequest scan;
  scan.set_batch_id(batch);
  scan.set_confidence(1);  // nothing is as sure as that
  scan.set_image(paper::WritePng(tests::DrawPage(desk_.pdf, 3, 200)).value());
  paper::v1::ReadPageResponse read;
  ASSERT_TRUE(desk_.Call(&paper::v1::PaperService::Stub::ReadPage, scan, &read).ok());
  ASSERT_GT(read.rows_to_see(), 2);
  const std::string said = Type(batch, "/see\n=\nnh\n/done\n/balance\n/quit\n");
  EXPECT_THAT(said, HasSubstr("read from the scan: -   (= takes it)   mark unclear"));
  const std::string path = said.substr(said.find("look at ") + 8, said.find(".png") - said.find("look at ") - 4);
  EXPECT_FALSE(std::filesystem::exists(path)) << "it shows names: gone with the form";
  EXPECT_THAT(said, HasSubstr(absl::StrCat("row ", read.to_see(0).sequence(), ": -")));
  EXPECT_THAT(said, HasSubstr(absl::StrCat("row ", read.to_see(1).sequence(), ": nh")));
  EXPECT_THAT(said, HasSubstr("0 rows are blank")) << "rows that wait are looked at";
  EXPECT_THAT(Type(batch, "=\n/quit\n"), HasSubstr("nothing was read"));
}

}  // namespace
}  // namespace snowfield::cli
