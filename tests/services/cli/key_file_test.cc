// A vendor's CSV on its way to the server: what the file has wrong and what the server says, by line.
#include "services/cli/import/key_file.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "services/cli/files/csv_cell.h"
#include "services/rpc/timestamp.h"
#include "tests/services/paper/paper_desk.h"

namespace snowfield::cli {
namespace {
using ::testing::HasSubstr;

class KeyFileTest : public ::testing::Test {
 protected:
  KeyFileTest() {
    std::string name = testing::TempDir() + "key-file-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~KeyFileTest() override { std::filesystem::remove_all(folder_); }

  absl::Status Key(const std::string& rows, const std::string& head = "page,row,result,1.support,note\n") {
    const std::string path = folder_ + "/acme.csv";
    std::ofstream(path) << head << rows;
    const auto stub =
        paper::v1::PaperService::NewStub(grpc::CreateChannel(desk_.address(), grpc::InsecureChannelCredentials()));
    KeyFilePlan plan{.file = path, .encoding = {}, .header = {}};
    plan.header.set_delivery("acme");
    *plan.header.mutable_walk_time() = rpc::ToTimestamp(desk_.field.clock.Now() - absl::Hours(2));
    const auto prepare = [&](grpc::ClientContext& context) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", desk_.clerk_token));
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    };
    ReportFile report;
    EXPECT_TRUE(report.Open(folder_ + "/report.csv").ok());
    absl::Status status = KeyFile(
        *stub, prepare, plan, [](double, std::string_view) {}, report, summary_);
    EXPECT_TRUE(report.Close().ok());
    std::ifstream file(folder_ + "/report.csv");
    report_ = {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return status;
  }
  std::string Code(int page) const { return tests::PaperDesk::CodeOf(packet_, page); }

  tests::PaperDesk desk_;
  int64_t packet_ = desk_.Print(1);
  std::string folder_, report_;
  paper::v1::KeyFileSummary summary_;
};

TEST_F(KeyFileTest, RowsThatAreWrongStandInTheReportAndTheOthersAreKeyed) {
  const absl::Status status =
      Key(absl::StrCat(Code(3), ",1,CV,2,\"late, \"\"six\"\"\"\n", Code(3), ",2,NH\n",  // too few
                       Code(3), ",3,CV,9,\n", Code(4), ",6,RF,,\n"));
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(summary_.rows(), 4);
  EXPECT_EQ(summary_.keyed(), 2);
  EXPECT_EQ(summary_.rejected(), 2);
  EXPECT_THAT(report_, HasSubstr("\n3,"));
  EXPECT_THAT(report_, HasSubstr("COLUMN_COUNT"));
  EXPECT_THAT(report_, HasSubstr("\n4,"));
  EXPECT_THAT(report_, HasSubstr("ANSWER_UNKNOWN,\"1.support\",\"write an answer as the sheet has it"));
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry where note = 'late, \"six\"'"), 1);
}

TEST_F(KeyFileTest, WhatTheServerRefusesIsHandedOn) {
  EXPECT_EQ(base::DetailOf(Key("", "page,row\n")).reason, "COLUMN_MISSING");
  EXPECT_EQ(base::DetailOf(Key("", "")).reason, "FILE_EMPTY");
}

TEST_F(KeyFileTest, ThousandsOfRowsGoInSeveralMessages) {
  std::string rows;
  for (int i = 0; i < 3'500; ++i) absl::StrAppend(&rows, Code(3), ",1,NH,,\n");
  ASSERT_TRUE(Key(rows).ok());
  EXPECT_EQ(summary_.rows(), 3'500);
  EXPECT_EQ(summary_.keyed(), 1);
  EXPECT_EQ(summary_.unchanged(), 3'499);
}

TEST(CsvCellTest, NoCellIsAFormula) {
  EXPECT_EQ(CsvCell("12 Elm"), "\"12 Elm\"");
  EXPECT_EQ(CsvCell("say \"please\""), "\"say \"\"please\"\"\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"}) {
    EXPECT_EQ(CsvCell(formula), absl::StrCat("\"'", formula, "\""));
  }
  EXPECT_EQ(CsvCell(""), "\"\"");
}

}  // namespace
}  // namespace snowfield::cli
