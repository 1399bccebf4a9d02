// Sheets that come back: scanned, keyed, balanced, and what they become; with several clerks at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/paper/posting.h"
#include "services/paper/print/page_code.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
#include "tests/services/paper/paper_desk.h"

namespace snowfield::paper {
namespace {
using Stub = v1::PaperService::Stub;
using ::testing::HasSubstr;

// Of list 1, page 3 has rows 1 to 5 and page 4 row 6, two people each. Of the default script, column a is
// support, b the issue in words, c whether they volunteer.
class Batches : public ::testing::Test {
 protected:
  void KeyAll(int64_t batch, int64_t packet, bool second = false, const std::string& token = "") {
    const std::vector<std::string> rows = {"cv 1.a2 1.cy", "nh", "rf", "-", "xx", "cv 2.a4 ; call later"};
    for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
      EXPECT_EQ(desk_.Key(batch, packet, i + 1, rows[i], second, token), "") << i + 1;
    }
  }
  int64_t Knocks() { return desk_.field.Count("select count(*) from knock where phone_id is null"); }
  int64_t Standing() { return desk_.field.Count("select count(*) from standing_knock where phone_id is null"); }

  tests::PaperDesk desk_;
};

TEST_F(Batches, AStackIsScannedKeyedBalancedAndClosed) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  EXPECT_EQ(desk_.scanned.sheet().rows_size(), 5);
  EXPECT_EQ(desk_.scanned.sheet().rows(0).people(1).last_name(), "Last0");
  EXPECT_EQ(desk_.scanned.sheet().columns(0).letter(), "a");
  EXPECT_EQ(desk_.scanned.balance().rows_open(), 6);
  EXPECT_EQ(desk_.scanned.balance().pages_open(), 0);
  EXPECT_EQ(desk_.Close(batch), "NOT_BALANCED");
  KeyAll(batch, packet);
  const v1::Balance& balance = desk_.keyed.balance();
  EXPECT_EQ(balance.rows_keyed(), 4);
  EXPECT_EQ(balance.rows_blank(), 1);
  EXPECT_EQ(balance.rows_unreadable(), 1);
  EXPECT_EQ(balance.rows_open(), 0);
  EXPECT_EQ(Knocks(), 0) << "nothing counts before the batch is closed";
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.knocks(), 4);
  EXPECT_EQ(desk_.closed.stored(), 4);
  EXPECT_EQ(Knocks(), 4);
  EXPECT_EQ(desk_.field.Count(absl::StrCat(
                "select count(*) from knock k join knock_response r using (campaign_id, knock_id) join knock_ask a "
                "using (campaign_id, knock_id) where k.door_id = ",
                desk_.field.doors[0], " and k.result = 1 and k.member_id = ", desk_.field.leader.value,
                " and r.question = 'support' and r.answer = '2' and a.ask = 1 and a.answer = 1 and r.person_id = ",
                desk_.field.people[0], " and not r.off_script and k.script_id is not null and k.flags = '{}'")),
            1);
  EXPECT_EQ(desk_.field.Count("select count(*) from follow_up"), 1) << "as from a phone";
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where note = 'call later'"), 1);
  EXPECT_EQ(desk_.field.Count("select count(*) from audit_log where action = 'paper.key'"), 6);
  EXPECT_EQ(desk_.field.Count("select count(*) from audit_log where action in ('paper.open', 'paper.close')"), 2);
}

TEST_F(Batches, KeyingAllAgainChangesNothing) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  KeyAll(batch, packet);
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  EXPECT_TRUE(desk_.scanned.again());
  EXPECT_EQ(desk_.scanned.sheet().rows(0).entry().keys(), "cv 1.a=2 1.c=yes") << "it goes on where it was";
  KeyAll(batch, packet);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry"), 6);
  ASSERT_EQ(desk_.Close(batch), "");
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.knocks(), 4);
  EXPECT_EQ(desk_.closed.stored(), 0);
  EXPECT_EQ(desk_.Key(batch, packet, 1, "nh"), "BATCH_CLOSED");
  const int64_t other = desk_.Open();
  EXPECT_EQ(desk_.Scan(other, desk_.CodeOf(packet, 3)), "PAGE_IN_ANOTHER_BATCH") << "the same sheet in a new batch";
  EXPECT_EQ(Knocks(), 4);
}

TEST_F(Batches, AMendedRowCorrectsItsKnockAndABlankOneTakesItBack) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  KeyAll(batch, packet);
  ASSERT_EQ(desk_.Close(batch), "");
  ASSERT_EQ(desk_.Reopen(batch), "");
  ASSERT_EQ(desk_.Key(batch, packet, 1, "nh"), "");
  ASSERT_EQ(desk_.Key(batch, packet, 2, "-"), "");
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.knocks(), 3);
  EXPECT_EQ(desk_.closed.stored(), 2);
  EXPECT_EQ(Standing(), 3);
  EXPECT_EQ(Knocks(), 6);
  EXPECT_EQ(desk_.field.Count("select count(*) from follow_up where state = 'open'"), 0) << "nobody volunteers now";
  ASSERT_EQ(desk_.Reopen(batch), "");
  ASSERT_EQ(desk_.Key(batch, packet, 2, "nh"), "");
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.knocks(), 4);
  EXPECT_EQ(Standing(), 4);
}

TEST_F(Batches, ContradictionsAreRefusedWithTheReason) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  EXPECT_EQ(desk_.Key(batch, packet, 1, "nh 1.a1"), "CONTRADICTION");
  EXPECT_EQ(desk_.Key(batch, packet, 1, "cv a1"), "PERSON_UNCLEAR");
  EXPECT_EQ(desk_.Key(batch, packet, 7, "nh"), "NOT_FOUND");
  EXPECT_EQ(desk_.Key(batch, packet + 1, 1, "nh"), "PAGE_NOT_IN_BATCH");
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry"), 0);
}

TEST_F(Batches, PagesOfOthersAndCoversAreNotTaken) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  EXPECT_EQ(desk_.Scan(batch, "SF1/1/2"), "PAGE_CODE_UNKNOWN");
  EXPECT_EQ(desk_.Scan(batch, desk_.CodeOf(packet, 1)), "PAGE_HAS_NO_ROWS");
  EXPECT_EQ(desk_.Scan(batch, desk_.CodeOf(packet + 7, 3)), "NOT_FOUND");
  const PageCode foreign{.campaign_id = desk_.field.campaign.campaign.value + 1,
                         .list_number = desk_.field.lists[0],
                         .packet_id = packet,
                         .page = 3,
                         .pages = 3};
  EXPECT_EQ(desk_.Scan(batch, BarCodeText(foreign)), "PAGE_OF_ANOTHER_CAMPAIGN");
  PageCode ours = foreign;
  ours.campaign_id -= 1;
  EXPECT_EQ(desk_.Scan(batch, BarCodeText(ours)), "");
  EXPECT_EQ(desk_.Scan(batch, desk_.CodeOf(packet, 3), false, desk_.field.other_leader_token), "NOT_YOUR_BRANCH");
  EXPECT_EQ(desk_.Scan(batch, desk_.CodeOf(packet, 3), false, desk_.field.phone), "PERMISSION_MISSING");
  EXPECT_EQ(desk_.Scan(batch, desk_.CodeOf(packet, 3), true), "ENTERED_ONCE");
}

TEST_F(Batches, APageThatDoesNotComeIsMissedUntilItIsSaidOrABatchIsClosedWithAReason) {
  desk_.field.Execute("update person set first_name = repeat('Long ', 18) || first_name");
  // Eighty people behind one door fill more than a sheet.
  desk_.field.Execute(absl::StrCat(
      "insert into person (campaign_id, dataset, row_key, external_id, first_name, last_name, door_id) select ",
      desk_.field.campaign.campaign.value, ", 'test', 'more-' || g, '', 'More', 'Last' || g, ", desk_.field.doors[0],
      " from generate_series(1, 80) g"));
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  const int pages =
      static_cast<int>(desk_.field.Count(absl::StrCat("select page_count from packet where packet_id = ", packet)));
  ASSERT_GT(pages, 4);
  ASSERT_EQ(desk_.Scan(batch, desk_.CodeOf(packet, 3)), "");
  EXPECT_EQ(desk_.scanned.balance().pages_open(), pages - 3);
  v1::FinishPageRequest finish;
  finish.set_batch_id(batch);
  finish.set_packet_id(packet);
  finish.set_page(3);
  v1::FinishPageResponse finished;
  ASSERT_TRUE(desk_.Call(&Stub::FinishPage, finish, &finished).ok());
  EXPECT_EQ(finished.blank_rows(), desk_.scanned.sheet().rows_size());
  EXPECT_EQ(desk_.Close(batch), "NOT_BALANCED") << "pages are missing";
  v1::MarkPageMissingRequest missing;
  missing.set_batch_id(batch);
  missing.set_packet_id(packet);
  v1::MarkPageMissingResponse marked;
  for (int page = 4; page <= pages; ++page) {
    missing.set_page(page);
    EXPECT_EQ(tests::ReasonOf(desk_.Call(&Stub::MarkPageMissing, missing, &marked)), "REASON_MISSING");
    missing.set_reason("rain");
    EXPECT_TRUE(desk_.Call(&Stub::MarkPageMissing, missing, &marked).ok());
    missing.clear_reason();
  }
  EXPECT_EQ(marked.balance().pages_open(), 0);
  EXPECT_EQ(marked.balance().pages_missing(), pages - 3);
  missing.set_page(3);
  missing.set_reason("rain");
  EXPECT_EQ(tests::ReasonOf(desk_.Call(&Stub::MarkPageMissing, missing, &marked)), "PAGE_IS_IN");
  ASSERT_EQ(desk_.Scan(batch, desk_.CodeOf(packet, 4)), "") << "it was found after all";
  EXPECT_EQ(desk_.Close(batch), "NOT_BALANCED");
  EXPECT_EQ(desk_.Close(batch, "the clerk goes home"), "");
  EXPECT_EQ(desk_.closed.batch().close_reason(), "the clerk goes home");
  v1::GetBatchRequest get;
  get.set_batch_id(batch);
  v1::GetBatchResponse got;
  ASSERT_TRUE(desk_.Call(&Stub::GetBatch, get, &got).ok());
  EXPECT_EQ(got.pages_size(), pages - 2);
  EXPECT_EQ(got.pages(0).state(), v1::PAGE_STATE_IN);
  EXPECT_EQ(got.pages(pages - 3).reason(), "rain");
}

TEST_F(Batches, ADoorThatIsNotOnTheSheetIsWrittenIn) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  v1::FindDoorsRequest find;
  find.set_house_number("112");
  find.set_street("elm");
  v1::FindDoorsResponse found;
  ASSERT_TRUE(desk_.Call(&Stub::FindDoors, find, &found).ok());
  ASSERT_EQ(found.doors_size(), 1);
  EXPECT_EQ(found.doors(0).door_id(), desk_.field.doors[6]);
  EXPECT_EQ(found.doors(0).list_number(), desk_.field.lists[1]) << "the neighbour's list";
  v1::WriteInRowRequest write;
  write.set_batch_id(batch);
  write.set_packet_id(packet);
  write.set_page(3);
  write.set_door_id(desk_.field.doors[6]);
  v1::WriteInRowResponse written, again;
  ASSERT_TRUE(desk_.Call(&Stub::WriteInRow, write, &written).ok());
  ASSERT_TRUE(desk_.Call(&Stub::WriteInRow, write, &again).ok());
  EXPECT_EQ(written.row().sequence(), 1001);
  EXPECT_EQ(again.row().sequence(), 1001);
  EXPECT_EQ(written.row().people_size(), 2);
  KeyAll(batch, packet);
  EXPECT_EQ(desk_.Close(batch), "NOT_BALANCED") << "the written row is open";
  ASSERT_EQ(desk_.Key(batch, packet, 1001, "cv 1.a1"), "");
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(
      desk_.field.Count(absl::StrCat("select count(*) from knock k join walk_list w using (campaign_id, walk_list_id) "
                                     "where k.door_id = ",
                                     desk_.field.doors[6], " and w.list_number = '", desk_.field.lists[1],
                                     "' and k.member_id = ", desk_.field.other_leader.value)),
      1);
  find.set_house_number("9999");
  ASSERT_TRUE(desk_.Call(&Stub::FindDoors, find, &found).ok());
  EXPECT_EQ(found.doors_size(), 0);
}

TEST_F(Batches, UndoBringsBackWhatWasKeyedBefore) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  ASSERT_EQ(desk_.Key(batch, packet, 1, "nh"), "");
  ASSERT_EQ(desk_.Key(batch, packet, 1, "rf"), "");
  ASSERT_EQ(desk_.Key(batch, packet, 2, "nh", false, desk_.other_clerk_token), "");
  v1::UndoEntryRequest undo;
  undo.set_batch_id(batch);
  v1::UndoEntryResponse undone;
  ASSERT_TRUE(desk_.Call(&Stub::UndoEntry, undo, &undone).ok()) << "one's own, not the other clerk's";
  EXPECT_EQ(undone.row().sequence(), 1);
  EXPECT_EQ(undone.row().entry().keys(), "nh");
  ASSERT_TRUE(desk_.Call(&Stub::UndoEntry, undo, &undone).ok());
  EXPECT_FALSE(undone.row().has_entry());
  EXPECT_EQ(undone.balance().rows_open(), 5);
  EXPECT_EQ(tests::ReasonOf(desk_.Call(&Stub::UndoEntry, undo, &undone)), "NOTHING_TO_UNDO");
}

TEST_F(Batches, ASecondEntryIsBlindAndItsDifferencesAreJudged) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open(/*second_entry=*/true);
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  KeyAll(batch, packet);
  EXPECT_EQ(desk_.Key(batch, packet, 1, "nh", true), "SECOND_BY_SAME_CLERK");
  ASSERT_EQ(desk_.ScanAll(batch, packet, true, desk_.other_clerk_token), "");
  EXPECT_FALSE(desk_.scanned.sheet().rows(0).has_entry()) << "what was keyed first is not shown";
  EXPECT_EQ(desk_.scanned.balance().second_rows_open(), 6);
  KeyAll(batch, packet, true, desk_.other_clerk_token);
  ASSERT_EQ(desk_.Key(batch, packet, 1, "cv 1.a3 1.cy", true, desk_.other_clerk_token), "");
  ASSERT_EQ(desk_.Key(batch, packet, 6, "cv 2.a4 ; call her later", true, desk_.other_clerk_token), "");
  EXPECT_EQ(desk_.keyed.balance().differences(), 1) << "a note may be worded in another way";
  EXPECT_EQ(desk_.Close(batch), "NOT_BALANCED");
  v1::ListDifferencesRequest list;
  list.set_batch_id(batch);
  v1::ListDifferencesResponse listed;
  ASSERT_TRUE(desk_.Call(&Stub::ListDifferences, list, &listed).ok());
  ASSERT_EQ(listed.differences_size(), 1);
  EXPECT_EQ(listed.differences(0).first().keys(), "cv 1.a=2 1.c=yes");
  EXPECT_EQ(listed.differences(0).second().keys(), "cv 1.a=3 1.c=yes");
  v1::JudgeRowRequest judge;
  judge.set_batch_id(batch);
  judge.set_packet_id(packet);
  judge.set_page(3);
  judge.set_sequence(1);
  judge.set_keys("cv 1.a3 1.cy");
  v1::JudgeRowResponse judged;
  ASSERT_TRUE(desk_.Call(&Stub::JudgeRow, judge, &judged).ok());
  EXPECT_EQ(judged.balance().differences(), 0);
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.field.Count("select count(*) from knock_response where answer = '3'"), 1);
}

TEST_F(Batches, ADoNotContactHoldsAtOnce) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  ASSERT_EQ(desk_.Key(batch, packet, 1, "dn"), "");
  EXPECT_EQ(desk_.field.Count(
                absl::StrCat("select count(*) from door where do_not_contact and door_id = ", desk_.field.doors[0])),
            1);
  EXPECT_EQ(Knocks(), 1);
  ASSERT_EQ(desk_.Key(batch, packet, 1, "dn"), "") << "once";
  EXPECT_EQ(Knocks(), 1);
  for (int row = 2; row <= 6; ++row) ASSERT_EQ(desk_.Key(batch, packet, row, "nh"), "");
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.knocks(), 6);
  EXPECT_EQ(desk_.closed.stored(), 5);
}

TEST_F(Batches, PaperDoesNotOverrideAPhoneAndTheyAreSetSideBySide) {
  desk_.field.CheckOut(desk_.field.phone);
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  auto of_phone = desk_.field.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES);
  desk_.field.Send({of_phone});
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  for (int row = 1; row <= 6; ++row) ASSERT_EQ(desk_.Key(batch, packet, row, "nh"), "");
  ASSERT_EQ(desk_.Close(batch), "");
  // A phone that comes home later, after the paper was typed in.
  auto late = desk_.field.Knock(1);
  late.set_result(canvass::v1::KNOCK_RESULT_REFUSED);
  late.set_running_number(2);
  auto same = desk_.field.Knock(2);
  same.set_running_number(3);
  desk_.field.Send({late, same});
  EXPECT_EQ(desk_.field.Count("select count(*) from knock_evidence where flag = 'PAPER_DIFFERS'"), 2);
  EXPECT_EQ(
      desk_.field.Count(absl::StrCat(
          "select count(*) from knock_evidence e join knock k using (campaign_id, knock_id) where k.phone_id is null "
          "and flag = 'PAPER_DIFFERS' and k.door_id in (",
          desk_.field.doors[0], ", ", desk_.field.doors[1], ")")),
      2);
  const auto review = canvass::v1::ReviewService::NewStub(desk_.field.channel());
  canvass::v1::ListFlaggedKnocksResponse flagged;
  ASSERT_TRUE(review
                  ->ListFlaggedKnocks(desk_.field.As(desk_.field.campaign.owner_token).get(),
                                      canvass::v1::ListFlaggedKnocksRequest(), &flagged)
                  .ok());
  const auto differs = std::find_if(flagged.knocks().begin(), flagged.knocks().end(), [&](const auto& knock) {
    return knock.door_id() == desk_.field.doors[0] && knock.phone_id() == 0;
  });
  ASSERT_NE(differs, flagged.knocks().end());
  EXPECT_EQ(differs->result(), canvass::v1::KNOCK_RESULT_NOT_HOME);
  EXPECT_EQ(differs->other_result(), canvass::v1::KNOCK_RESULT_CANVASSED);
  EXPECT_EQ(differs->other_knock_id(), of_phone.knock_id());
  canvass::v1::DownloadWalkListRequest request;
  request.set_list_number(desk_.field.lists[0]);
  canvass::v1::DownloadWalkListResponse list;
  ASSERT_TRUE(desk_.field.canvass().DownloadWalkList(desk_.field.As(desk_.field.phone).get(), request, &list).ok());
  EXPECT_EQ(list.doors(0).last_result(), canvass::v1::KNOCK_RESULT_CANVASSED) << "the phone's word";
  EXPECT_EQ(list.doors(1).last_result(), canvass::v1::KNOCK_RESULT_REFUSED) << "whichever came first";
  EXPECT_EQ(list.doors(3).last_result(), canvass::v1::KNOCK_RESULT_NOT_HOME) << "paper, where there is no phone's";
}

TEST_F(Batches, LatePaperIsTakenForAListThatWasRevoked) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  desk_.field.Execute("update walk_list set revoke_time = now()");
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  KeyAll(batch, packet);
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where flags @> array['LATE_LIST']"), 4);
}

TEST_F(Batches, WhatTheCanvassRefusesStopsTheCloseAndNamesTheRow) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  KeyAll(batch, packet);
  desk_.field.Execute(absl::StrCat("update person set door_id = null where person_id = ", desk_.field.people[0]));
  v1::CloseBatchRequest request;
  request.set_batch_id(batch);
  v1::CloseBatchResponse response;
  const grpc::Status status = desk_.Call(&Stub::CloseBatch, request, &response);
  EXPECT_EQ(tests::ReasonOf(status), "ROW_REFUSED");
  EXPECT_THAT(tests::FieldOf(status), HasSubstr("page 3, row 1"));
  EXPECT_EQ(Knocks(), 0) << "all or none";
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  EXPECT_EQ(desk_.scanned.sheet().rows(0).people(0).person_id(), 0);
  EXPECT_EQ(desk_.scanned.sheet().rows(0).people(1).person_id(), desk_.field.people[1])
      << "the lines keep their numbers";
  ASSERT_EQ(desk_.Key(batch, packet, 1, "cv 0.a2"), "");
  EXPECT_EQ(desk_.Close(batch), "");
}

TEST_F(Batches, WordsAboutSomebodyWhoIsErasedGoAndTheirKnockStays) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  KeyAll(batch, packet);
  ASSERT_EQ(desk_.Close(batch), "");
  ASSERT_EQ(desk_.Reopen(batch), "");
  ASSERT_EQ(desk_.Key(batch, packet, 6, "cv 2.a4 ; call never"), "");
  desk_.Erase(desk_.field.people[0]);   // row 1, a knock
  desk_.Erase(desk_.field.people[11]);  // row 6, whose new words are none yet
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry where note <> ''"), 0);
  EXPECT_EQ(desk_.field.Count("select count(*) from paper_entry where sequence in (1, 6) and marks <> ''"), 0);
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(desk_.closed.stored(), 0) << "what was a knock is not taken back";
  EXPECT_EQ(Standing(), 4);
  ASSERT_EQ(desk_.Reopen(batch), "");
  ASSERT_EQ(desk_.Key(batch, packet, 1, "nh"), "");
  ASSERT_EQ(desk_.Close(batch), "");
  EXPECT_EQ(Standing(), 4) << "keyed again, it corrects and is not counted twice";
}

TEST_F(Batches, OfEightScannersOneGetsThePage) {
  const int64_t packet = desk_.Print(1);
  std::vector<int64_t> batches;
  for (int i = 0; i < 8; ++i) batches.push_back(desk_.Open());
  std::atomic<int> got = 0, refused = 0;
  std::vector<std::thread> scanners;
  for (const int64_t batch : batches) {
    scanners.emplace_back([&, batch] {
      v1::ScanPageRequest request;
      request.set_batch_id(batch);
      request.set_code(desk_.CodeOf(packet, 3));
      v1::ScanPageResponse response;
      const std::string reason = tests::ReasonOf(desk_.Call(&Stub::ScanPage, request, &response));
      if (reason.empty()) ++got;
      if (reason == "PAGE_IN_ANOTHER_BATCH") ++refused;
    });
  }
  for (std::thread& scanner : scanners) scanner.join();
  EXPECT_EQ(got, 1);
  EXPECT_EQ(refused, 7);
}

TEST_F(Batches, KeyingAndClosingAtOnceLosesNothing) {
  const int64_t packet = desk_.Print(1), batch = desk_.Open();
  ASSERT_EQ(desk_.ScanAll(batch, packet), "");
  for (int row = 1; row <= 6; ++row) ASSERT_EQ(desk_.Key(batch, packet, row, "nh"), "");
  std::atomic<int> rekeyed = 0;
  std::vector<std::thread> hands;
  for (int row = 1; row <= 6; ++row) {
    hands.emplace_back([&, row] {
      v1::KeyRowRequest request;
      request.set_batch_id(batch);
      request.set_packet_id(packet);
      request.set_page(row <= 5 ? 3 : 4);
      request.set_sequence(row);
      request.set_keys("rf");
      v1::KeyRowResponse response;
      const std::string reason = tests::ReasonOf(desk_.Call(&Stub::KeyRow, request, &response));
      if (reason.empty()) ++rekeyed;
      EXPECT_TRUE(reason.empty() || reason == "BATCH_CLOSED") << reason;
    });
  }
  for (int i = 0; i < 2; ++i) {
    hands.emplace_back([&] {
      v1::CloseBatchRequest request;
      request.set_batch_id(batch);
      v1::CloseBatchResponse response;
      EXPECT_EQ(tests::ReasonOf(desk_.Call(&Stub::CloseBatch, request, &response)), "");
    });
  }
  for (std::thread& hand : hands) hand.join();
  EXPECT_EQ(Knocks(), 6);
  EXPECT_EQ(desk_.field.Count("select count(*) from knock where result = 3"), rekeyed)
      << "what was acknowledged before the close is what was stored";
}

TEST(KnockId, IsTheRowsOwnAndNoOthers) {
  const db::RowAt row{.at = {.packet_id = 12, .page = 3}, .sequence = 4};
  EXPECT_EQ(KnockIdOf(base::CampaignId(1), row, 1), KnockIdOf(base::CampaignId(1), row, 1));
  EXPECT_EQ(KnockIdOf(base::CampaignId(1), row, 1).ToString()[14], '8') << "a UUID of version 8";
  std::set<base::Uuid> ids = {KnockIdOf(base::CampaignId(1), row, 1), KnockIdOf(base::CampaignId(2), row, 1),
                              KnockIdOf(base::CampaignId(1), row, 2),
                              KnockIdOf(base::CampaignId(1), {.at = {.packet_id = 1, .page = 23}, .sequence = 4}, 1)};
  EXPECT_EQ(ids.size(), 4u);
}

}  // namespace
}  // namespace snowfield::paper
