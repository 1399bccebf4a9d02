// Files of vendors, row by row into batches: checked, reported, sent again, mended, by many at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/paper/print/page_code.h"
#include "services/rpc/timestamp.h"
#include "tests/services/paper/paper_desk.h"

namespace snowfield::paper {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Rows = std::vector<std::vector<std::string>>;

// Of list 1, page 3 has rows 1 to 5 and page 4 row 6, two people each.
class Files : public ::testing::Test {
 protected:
  struct Told {
    std::string reason;               // of the call's end
    std::vector<std::string> issues;  // "line reason field", in their order
    v1::KeyFileSummary summary;
  };
  v1::KeyFileHeader Header(const std::string& delivery = "acme") {
    v1::KeyFileHeader header;
    header.set_delivery(delivery);
    for (const char* name : {"page", "row", "result", "1.support", "note", "walked"}) header.add_columns(name);
    *header.mutable_walk_time() = rpc::ToTimestamp(desk_.field.clock.Now() - absl::Hours(3));
    return header;
  }
  Told Send(const v1::KeyFileHeader& header, const Rows& rows, const std::string& token = "") {
    desk_.field.clock.Advance(absl::Milliseconds(1));  // a file is known by its time
    return desk_.KeyFile<Told>(header, rows, token);
  }
  std::string Code(int page) const { return tests::PaperDesk::CodeOf(packet_, page); }
  // All rows of list 1.
  Rows AllRows() {
    return {{Code(3), "1", "CV", "2"}, {Code(3), "2", "NH"}, {Code(3), "3", "RF"},
            {Code(3), "4", "-"},       {Code(3), "5", "xx"}, {Code(4), "6", "CV", "4", "call later"}};
  }
  int64_t Entries() { return desk_.field.Count("select count(*) from paper_entry where source = 'file'"); }
  int64_t Batches() { return desk_.field.Count("select count(*) from paper_batch"); }

  tests::PaperDesk desk_;
  int64_t packet_ = desk_.Print(1);
};

TEST_F(Files, AFileIsKeyedIntoABatchThatBalancesAndBecomesKnocks) {
  const Told told = Send(Header(), AllRows());
  EXPECT_EQ(told.reason, "");
  EXPECT_THAT(told.issues, IsEmpty());
  EXPECT_EQ(told.summary.rows(), 6);
  EXPECT_EQ(told.summary.keyed(), 6);
  ASSERT_EQ(told.summary.batch_ids_size(), 1);
  const int64_t batch = told.summary.batch_ids(0);
  EXPECT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.knocks(), 4);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_batch where delivery = 'acme'"), 1);
  EXPECT_EQ(desk_.field.Count("select count(*) from audit_log where action = 'paper.file' and subject_id = " +
                              absl::StrCat(batch)),
            1);
  EXPECT_EQ(desk_.field.Count("select count(*) from knock_response where question = 'support' and answer = '4'"), 1);
}

TEST_F(Files, SentAgainItChangesNothingAndMendedWhatDiffers) {
  ASSERT_EQ(Send(Header(), AllRows()).summary.keyed(), 6);
  Told again = Send(Header(), AllRows());
  EXPECT_EQ(again.summary.unchanged(), 6);
  EXPECT_EQ(again.summary.keyed(), 0);
  Rows mended = AllRows();
  mended[1][2] = "LL";
  again = Send(Header(), mended);
  EXPECT_EQ(again.summary.keyed(), 1);
  EXPECT_EQ(again.summary.unchanged(), 5);
  EXPECT_EQ(Batches(), 1) << "pages stay where they came first";
  // Closed, the same file is still welcome; one that says another thing is told what to do.
  ASSERT_EQ(desk_.Close(again.summary.batch_ids(0)), "");
  EXPECT_EQ(Send(Header(), mended).summary.unchanged(), 6);
  const Told late = Send(Header(), AllRows());
  EXPECT_THAT(late.issues, ElementsAre("3 BATCH_CLOSED "));
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where phone_id is null"), 4);
}

TEST_F(Files, EachRowThatCanNotBeTakenIsToldAndTheOthersAreKeyed) {
  Rows rows = AllRows();
  rows[0][3] = "9";                                      // no such answer
  rows[1] = {Code(3), "2", "NH", "1"};                   // not home, and an answer
  rows[2][0] = "412-3-99";                               // misread
  rows[3][1] = "77";                                     // no such row
  rows.push_back({Code(4), "6", "RF"});                  // again, and other
  rows.push_back({Code(1), "1", "NH"});                  // the cover
  rows.push_back({Code(3), "5", "", "", "", ""});        // nothing filled in
  rows.push_back({Code(3), "4", "NH", "", "", "soon"});  // a day that is none
  rows.push_back({Code(3), "4", "NH", "", "", "2999-01-01"});
  const Told told = Send(Header(), rows);
  EXPECT_EQ(told.reason, "");
  EXPECT_THAT(told.issues,
              UnorderedElementsAre("2 ANSWER_UNKNOWN 1.support", "3 CONTRADICTION result", "4 PAGE_CODE_DAMAGED page",
                                   "5 ROW_UNKNOWN row", "8 ROW_TWICE row", "9 PAGE_HAS_NO_ROWS page",
                                   "11 WALK_TIME_INVALID walked", "12 WALK_TIME_INVALID walked"));
  EXPECT_EQ(told.summary.rejected(), 8);
  EXPECT_EQ(told.summary.empty(), 1);
  EXPECT_EQ(told.summary.keyed(), 2);
  EXPECT_EQ(desk_.Close(told.summary.batch_ids(0)), "NOT_BALANCED");
}

TEST_F(Files, CheckingStoresNothing) {
  v1::KeyFileHeader header = Header();
  header.set_check_only(true);
  const Told told = Send(header, AllRows());
  EXPECT_EQ(told.summary.keyed(), 6);
  EXPECT_EQ(told.summary.batch_ids_size(), 0);
  EXPECT_EQ(Entries(), 0);
  EXPECT_EQ(Batches(), 0);
}

TEST_F(Files, APageThatCameAnotherWayIsOnlyCompared) {
  const int64_t batch = desk_.Open();
  ASSERT_EQ(desk_.Scan(batch, Code(3)), "");
  ASSERT_EQ(desk_.Key(batch, packet_, 1, "cv 1.a2"), "");
  ASSERT_EQ(desk_.Key(batch, packet_, 2, "rf"), "");
  const Told told = Send(Header(), {{Code(3), "1", "CV", "2"}, {Code(3), "2", "NH"}, {Code(4), "6", "NH"}});
  EXPECT_THAT(told.issues, ElementsAre("3 PAGE_IN_ANOTHER_BATCH "));
  EXPECT_EQ(told.summary.unchanged(), 1);
  EXPECT_EQ(told.summary.keyed(), 1);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry where source = 'keyed'"), 2);
}

TEST_F(Files, WhatSomebodySaidWhoHasGoneIsNotTaken) {
  desk_.field.Execute(
      absl::StrCat("update person set door_id = ", desk_.field.doors[8], " where person_id = ", desk_.field.people[0]));
  const Told told = Send(Header(), {{Code(3), "1", "CV", "2"}, {Code(3), "2", "CV", "2"}});
  EXPECT_THAT(told.issues, ElementsAre("2 PERSON_UNKNOWN 1.support"));
  EXPECT_EQ(told.summary.keyed(), 1);
}

TEST_F(Files, EachWalkHasABatchOfItsOwn) {
  const Told told =
      Send(Header(), {{Code(3), "1", "NH", "", "", "2026-11-20"}, {Code(4), "6", "NH", "", "", "2026-11-20 17:30"}});
  EXPECT_THAT(told.issues, IsEmpty());
  EXPECT_EQ(told.summary.batch_ids_size(), 2);
  EXPECT_EQ(desk_.field.Count("select count(distinct walk_time) from paper_batch"), 2);
  EXPECT_THAT(Send(Header(), {{Code(3), "1", "NH", "", "", "2026-11-21"}}).issues, ElementsAre("2 WALK_STANDS walked"));
}

TEST_F(Files, AMissingPageThatComesWithTheFileIsIn) {
  const Told told = Send(Header(), {{Code(3), "1", "NH"}});
  v1::MarkPageMissingRequest missing;
  missing.set_batch_id(told.summary.batch_ids(0));
  missing.set_packet_id(packet_);
  missing.set_page(4);
  missing.set_reason("not in the file");
  v1::MarkPageMissingResponse response;
  ASSERT_TRUE(desk_.Call(&v1::PaperService::Stub::MarkPageMissing, missing, &response).ok());
  EXPECT_EQ(Send(Header(), {{Code(4), "6", "NH"}}).summary.keyed(), 1);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_page where state = 'in'"), 2);
}

TEST_F(Files, ADoNotContactHoldsAtOnce) {
  Send(Header(), {{Code(3), "1", "DN"}});
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where phone_id is null and result = 14"), 1);
}

TEST_F(Files, HeadersThatSayTooLittleAreRefused) {
  EXPECT_EQ(Send(v1::KeyFileHeader(), {}).reason, "DELIVERY_MISSING");
  v1::KeyFileHeader header = Header();
  header.add_columns("row");
  EXPECT_EQ(Send(header, {}).reason, "COLUMN_TWICE");
  header = Header();
  *header.mutable_walk_time() = rpc::ToTimestamp(desk_.field.clock.Now() + absl::Hours(30));
  EXPECT_EQ(Send(header, {}).reason, "WALK_TIME_INVALID");
  header.clear_walk_time();
  EXPECT_THAT(Send(header, {{Code(3), "1", "NH"}}).issues, ElementsAre("2 WALK_TIME_INVALID walked"));
  EXPECT_EQ(Send(Header(), {}, desk_.field.phone).reason, "PERMISSION_MISSING");
  EXPECT_THAT(Send(Header(), {{Code(3), "1", "NH"}}, desk_.field.other_leader_token).issues,
              ElementsAre("2 NOT_YOUR_BRANCH page"));
}

TEST_F(Files, TheTemplateHasEachRowOnce) {
  v1::ListPacketRowsRequest request;
  request.set_packet_id(packet_);
  request.set_page_size(4);
  std::vector<int> rows;
  do {
    v1::ListPacketRowsResponse response;
    ASSERT_TRUE(desk_.Call(&v1::PaperService::Stub::ListPacketRows, request, &response).ok());
    for (const v1::PacketRow& row : response.rows()) {
      rows.push_back(row.sequence());
      EXPECT_EQ(row.lines(), 2);
      EXPECT_TRUE(ReadBarCode(row.page_code(), "page").ok());
    }
    EXPECT_EQ(response.columns(0).code(), "support");
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(rows, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(Files, ACallThatIsCutOffGoesOnWhereItWas) {
  const v1::KeyFileHeader header = Header();
  Rows first_rows = AllRows();
  first_rows.resize(3);
  desk_.KeyFileAndVanish(header, first_rows);
  EXPECT_EQ(Entries(), 3) << "what was taken stays";
  const Told rest = Send(header, AllRows());
  EXPECT_EQ(rest.summary.unchanged(), 3);
  EXPECT_EQ(rest.summary.keyed(), 3);
  EXPECT_EQ(Batches(), 1);
}

TEST_F(Files, FourThatSendOneFileAtOnceKeyItOnce) {
  const v1::KeyFileHeader header = Header();
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([&] { EXPECT_EQ(Send(header, AllRows()).reason, ""); });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(Entries(), 6);
  EXPECT_EQ(Batches(), 1);
}

}  // namespace
}  // namespace snowfield::paper
