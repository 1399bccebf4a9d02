#include "services/cli/files/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/status.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kHeader[] = "id,house_number,street,longitude,latitude\n";

struct Outcome {
  absl::Status status;
  CollectRows rows;
  std::string message() const { return base::MessageOf(status); }
  std::string reason() const { return base::DetailOf(status).reason; }
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    for (const AddressRow& row : rows.All<AddressRow>()) ids.push_back(row.external_id());
    return ids;
  }
};

Outcome ReadAddresses(const std::string& content, const std::string& encoding = "", const std::string& name = "a.csv") {
  TestFolder folder;
  Outcome outcome;
  outcome.status = ReadInto(outcome.rows, folder.Write(name, content), {pb::IMPORT_KIND_ADDRESSES, "", "", encoding});
  return outcome;
}

std::string Gzipped(const TestFolder& folder, const std::string& content) {
  gzFile file = gzopen(folder.Path("made.gz").c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return ReadText(folder.Path("made.gz"));
}

TEST(CsvTable, ReadsQuotesLineEndsAndByteOrderMark) {
  const Outcome got = ReadAddresses(std::string("\xEF\xBB\xBF") +
                                    "id,house_number,street,longitude,latitude\r\n"
                                    "1,12,\"Main \"\"Old\"\" St, North\",-90,40\r\n"
                                    "\r\n"
                                    "2,14,\"Two\nLines\",-90,40\r\n"
                                    "3,16,Last,-90,40");
  ASSERT_TRUE(got.status.ok()) << got.message();
  EXPECT_THAT(got.Ids(), ElementsAre("1", "2", "3"));
  const auto rows = got.rows.All<AddressRow>();
  EXPECT_EQ(rows[0].street(), "Main \"Old\" St, North");
  EXPECT_EQ(rows[1].street(), "Two\nLines");
  EXPECT_EQ(rows[1].line(), 4u);
  EXPECT_EQ(rows[2].line(), 6u);
  EXPECT_THAT(got.rows.issues, IsEmpty());
}

TEST(CsvTable, FindsTheDelimiterInTheHeader) {
  for (const char* text : {"id\thouse_number\tstreet\tlongitude\tlatitude\n1\t12\tMain, St\t-90\t40\n",
                           "id;house_number;street;longitude;latitude\n1;12;Main, St;-90;40\n"}) {
    const Outcome got = ReadAddresses(text);
    ASSERT_TRUE(got.status.ok()) << got.message();
    ASSERT_EQ(got.rows.rows.size(), 1u);
    EXPECT_EQ(got.rows.All<AddressRow>()[0].street(), "Main, St");
  }
}

TEST(CsvTable, ReadsLinesThatEndInCarriageReturnAlone) {
  const Outcome got = ReadAddresses("id,house_number,street,longitude,latitude\r1,12,A,-90,40\r2,14,B,-90,40\r");
  EXPECT_THAT(got.Ids(), ElementsAre("1", "2"));
}

TEST(CsvTable, NamesMissingColumnsAndTheNearest) {
  const Outcome got = ReadAddresses("id,house_numbr,street,longitude,latitude\n1,12,Main,-90,40\n");
  EXPECT_EQ(got.reason(), "COLUMN_MISSING");
  EXPECT_EQ(base::DetailOf(got.status).field, "house_number");
  EXPECT_THAT(got.message(), HasSubstr("nearest is house_numbr"));
  EXPECT_THAT(got.message(), HasSubstr("the columns are: id, house_numbr, street, longitude, latitude"));
  EXPECT_THAT(got.message(), HasSubstr("--column house_number=COLUMN"));
}

TEST(CsvTable, RefusesWhatIsNoCsv) {
  EXPECT_EQ(ReadAddresses("").reason(), "FILE_EMPTY");
  EXPECT_EQ(ReadAddresses("\n\n\n").reason(), "FILE_EMPTY");
  EXPECT_EQ(ReadAddresses(std::string("\xFF\xFEi\0d\0", 6)).reason(), "HEADER_UNREADABLE");
  EXPECT_EQ(ReadAddresses(std::string("i\0d,a\n", 6)).reason(), "HEADER_UNREADABLE");
  EXPECT_EQ(ReadAddresses("id,\"never closed\n1,2\n").reason(), "HEADER_UNREADABLE");
  EXPECT_EQ(ReadAddresses(std::string(10 << 20, 'x')).reason(), "HEADER_UNREADABLE");
  CollectRows rows;
  EXPECT_EQ(base::DetailOf(ReadInto(rows, "/no/such/file.csv", {})).reason, "FILE_NOT_FOUND");
}

TEST(CsvTable, HeaderAloneHasNoRows) {
  const Outcome got = ReadAddresses(kHeader);
  EXPECT_TRUE(got.status.ok());
  EXPECT_THAT(got.rows.rows, IsEmpty());
}

TEST(CsvTable, UnbalancedQuoteCostsOneLine) {
  const Outcome got = ReadAddresses(std::string(kHeader) +
                                    "1,12,Main,-90,40\n"
                                    "2,14,\"Main,-90,40\n"
                                    "3,16,Main,-90,40\n"
                                    "4,18,Ma\"in,-90,40\n"
                                    "5,20,Main,-90,40\n");
  ASSERT_TRUE(got.status.ok()) << got.message();
  EXPECT_THAT(got.Ids(), ElementsAre("1", "3", "5"));
  EXPECT_THAT(got.rows.IssueLines(), ElementsAre("3 QUOTES_UNBALANCED", "5 QUOTES_UNBALANCED"));
}

TEST(CsvTable, QuoteNeverClosedInALongFileCostsOneLine) {
  std::string text = std::string(kHeader) + "0,12,\"Main,-90,40\n";
  for (int i = 1; i <= 500; ++i) text += std::to_string(i) + ",14,Main,-90,40\n";
  const Outcome got = ReadAddresses(text);
  EXPECT_EQ(got.rows.rows.size(), 500u);
  EXPECT_THAT(got.rows.IssueLines(), ElementsAre("2 QUOTES_UNBALANCED"));
}

TEST(CsvTable, ReportsWrongColumnCounts) {
  const Outcome got = ReadAddresses(std::string(kHeader) + "1,12,Main St, North,-90,40\n2,14,Main\n3,16,Main,-90,40\n");
  EXPECT_THAT(got.Ids(), ElementsAre("3"));
  EXPECT_THAT(got.rows.IssueLines(), ElementsAre("2 COLUMN_COUNT", "3 COLUMN_COUNT"));
}

TEST(CsvTable, ReportsNulBytesAndLongLines) {
  std::string text = std::string(kHeader) + "1,12,Ma";
  text += '\0';
  text += "in,-90,40\n2,14," + std::string(10 << 20, 'y') + ",-90,40\n3,16,Main,-90,40\n";
  const Outcome got = ReadAddresses(text);
  ASSERT_TRUE(got.status.ok()) << got.message();
  EXPECT_THAT(got.Ids(), ElementsAre("3"));
  EXPECT_THAT(got.rows.IssueLines(), ElementsAre("2 NUL_BYTE", "3 LINE_TOO_LONG"));
}

TEST(CsvTable, ReportsWrongEncodingByLineAndReadsLatin1WhenTold) {
  const std::string text = std::string(kHeader) +
                           "1,12,Stra\xDF"
                           "e,-90,40\n2,14,Main,-90,40\n";
  const Outcome plain = ReadAddresses(text);
  EXPECT_THAT(plain.Ids(), ElementsAre("2"));
  EXPECT_THAT(plain.rows.IssueLines(), ElementsAre("2 ENCODING_MISMATCH"));
  EXPECT_THAT(plain.rows.issues[0].message(), HasSubstr("--encoding"));
  const Outcome latin1 = ReadAddresses(text, "latin1");
  ASSERT_EQ(latin1.rows.rows.size(), 2u);
  EXPECT_EQ(latin1.rows.All<AddressRow>()[0].street(), "Straße");
  EXPECT_EQ(ReadAddresses(text, "ebcdic").reason(), "ENCODING_UNKNOWN");
}

TEST(CsvTable, ReportsImpossibleCoordinates) {
  const Outcome got = ReadAddresses(std::string(kHeader) +
                                    "1,1,A,nan,40\n2,1,A,-90,inf\n3,1,A,-190,40\n4,1,A,40,-95\n5,1,A,500000,4000000\n"
                                    "6,1,A,0,0\n7,1,A,,40\n8,1,A,\"-90,5\",40\n9,1,A,-90,90.0001\n10,1,A,-180,90\n");
  EXPECT_THAT(got.Ids(), ElementsAre("10"));
  EXPECT_THAT(got.rows.IssueLines(),
              ElementsAre("2 COORDINATE_NOT_FINITE longitude", "3 COORDINATE_NOT_FINITE latitude",
                          "4 COORDINATE_OUT_OF_RANGE longitude", "5 COORDINATE_OUT_OF_RANGE latitude",
                          "6 COORDINATE_OUT_OF_RANGE longitude", "7 COORDINATE_ZERO longitude",
                          "8 COORDINATE_MISSING longitude", "9 COORDINATE_UNREADABLE longitude",
                          "10 COORDINATE_OUT_OF_RANGE latitude"));
  EXPECT_THAT(got.rows.issues[3].message(), HasSubstr("swapped"));
}

TEST(CsvTable, ReportsAddressesWithoutNumberOrStreet) {
  const Outcome got = ReadAddresses(std::string(kHeader) + "1,,Main,-90,40\n2,12,  ,-90,40\n3,12," +
                                    std::string(600, 'z') + ",-90,40\n");
  EXPECT_THAT(got.rows.IssueLines(),
              ElementsAre("2 HOUSE_NUMBER_MISSING house_number", "3 STREET_MISSING street", "4 FIELD_TOO_LONG street"));
}

TEST(CsvTable, ReadsGzipAndRefusesOneThatIsCut) {
  TestFolder folder;
  std::string text = kHeader;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i) + "," + std::to_string(i * 7919) + ",Main,-90,40\n";
  const std::string whole = Gzipped(folder, text);
  const Outcome good = ReadAddresses(whole, "", "a.csv.gz");
  EXPECT_EQ(good.rows.rows.size(), 20000u);
  EXPECT_TRUE(good.rows.progress_rises);
  const Outcome cut = ReadAddresses(whole.substr(0, whole.size() / 2), "", "a.csv.gz");
  EXPECT_EQ(cut.reason(), "FILE_TRUNCATED");
  EXPECT_TRUE(absl::IsDataLoss(cut.status));
}

TEST(CsvTable, UnknownEndingsAndUnfitFormatsAreRefused) {
  EXPECT_EQ(ReadAddresses("x", "", "a.docx").reason(), "FORMAT_UNKNOWN");
  TestFolder folder;
  CollectRows rows;
  const absl::Status status =
      ReadInto(rows, folder.Write("a.csv", "id,highway\n1,service\n"), {pb::IMPORT_KIND_STREETS, ""});
  EXPECT_EQ(base::DetailOf(status).reason, "FORMAT_UNFIT");
}

}  // namespace
}  // namespace snowfield::cli
