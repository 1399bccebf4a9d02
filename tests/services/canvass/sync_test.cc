// Phones that stay in step: lists that change hands, downloads that are cut, changes that are waited for or pruned,
// knocks that are taken back.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/uuid.h"
#include "db/store/change_store.h"
#include "services/canvass/upkeep.h"
#include "services/canvass/wait_changes.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

class Sync : public testing::Test {
 protected:
  grpc::Status CheckOut(const std::string& token, bool take_over, CheckOutWalkListResponse* response) {
    CheckOutWalkListRequest request;
    request.set_list_number(field_.lists[0]);
    request.set_take_over(take_over);
    return field_.canvass().CheckOutWalkList(field_.As(token).get(), request, response);
  }
  grpc::Status Download(DownloadWalkListRequest request, DownloadWalkListResponse* response,
                        const std::string& token = "") {
    request.set_list_number(field_.lists[0]);
    response->Clear();
    return field_.canvass().DownloadWalkList(field_.As(token.empty() ? field_.phone : token).get(), request, response);
  }
  DownloadWalkListResponse Whole(const std::string& token = "") {
    DownloadWalkListResponse response;
    const grpc::Status status = Download({}, &response, token);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  DownloadWalkListRequest PageOf(int doors, const std::string& page_token = "") {
    DownloadWalkListRequest request;
    request.set_page_doors(doors);
    request.set_page_token(page_token);
    return request;
  }
  ListChangesResponse Read(const std::string& token, const std::string& phone = "") {
    ListChangesRequest request;
    request.set_change_token(token);
    ListChangesResponse response;
    const grpc::Status status =
        field_.canvass().ListChanges(field_.As(phone.empty() ? field_.phone : phone).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status Wait(const std::string& token, int wait_s, WaitChangesResponse* response) {
    WaitChangesRequest request;
    request.set_change_token(token);
    request.set_wait_s(wait_s);
    return field_.canvass().WaitChanges(field_.As(field_.phone).get(), request, response);
  }
  Knock Undo(const Knock& knock) {
    Knock undo = field_.Knock(0);
    undo.set_door_id(knock.door_id());
    undo.clear_result();
    undo.set_undo(true);
    undo.set_corrects_knock_id(knock.knock_id());
    return undo;
  }
  absl::StatusOr<int64_t> Prune(absl::Time before) {
    return canvass::PruneChanges(field_.database.pool(), field_.campaign.campaign, field_.clock.Now(), before);
  }

  Field field_;
};

TEST_F(Sync, AListChangesHandsInMidShift) {
  const std::string mate = field_.MakePhone(field_.leader);
  field_.CheckOut(field_.phone);
  const std::string token_of_old = Whole().change_token();
  field_.Send({field_.Knock(0), field_.Knock(1)});
  CheckOutWalkListResponse taken;
  ASSERT_TRUE(CheckOut(mate, true, &taken).ok());
  EXPECT_EQ(taken.taken_from_phones(), 1);
  // The new phone sees what was done.
  const DownloadWalkListResponse list = Whole(mate);
  EXPECT_EQ(list.doors(0).last_result(), KNOCK_RESULT_NOT_HOME);
  EXPECT_EQ(list.doors(1).last_result(), KNOCK_RESULT_NOT_HOME);
  EXPECT_EQ(list.doors(2).last_result(), KNOCK_RESULT_UNSPECIFIED);
  // The old one is told, has it no longer, and what it still sends is welcome.
  const ListChangesResponse news = Read(token_of_old);
  ASSERT_GE(news.changes_size(), 1);
  EXPECT_EQ(news.changes().rbegin()->kind(), CHANGE_KIND_LIST_HANDED_OVER);
  EXPECT_EQ(news.changes().rbegin()->list_number(), field_.lists[0]);
  DownloadWalkListResponse refused;
  EXPECT_EQ(ReasonOf(Download({}, &refused)), "NOT_CHECKED_OUT");
  const KnockAnswer late = field_.Send({field_.Knock(2)})[0];
  EXPECT_EQ(late.outcome(), KNOCK_OUTCOME_ACCEPTED);
  ASSERT_EQ(late.flags_size(), 1);
  EXPECT_EQ(late.flags(0), "LATE_LIST");
  // The new phone learns of it.
  const ListChangesResponse of_mate = Read(list.change_token(), mate);
  ASSERT_EQ(of_mate.changes_size(), 1);
  EXPECT_EQ(of_mate.changes(0).door_id(), field_.doors[2]);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'walk_list.take_over'"), 1);
  // Once is enough.
  ASSERT_TRUE(CheckOut(mate, true, &taken).ok());
  EXPECT_EQ(taken.taken_from_phones(), 0);
  EXPECT_EQ(field_.Count("select count(*) from change where kind = 'list_handed_over'"), 1);
}

TEST_F(Sync, PhonesThatWalkAListTogetherLeaveItToEachOther) {
  const std::string mate = field_.MakePhone(field_.leader);
  field_.CheckOut(field_.phone);
  CheckOutWalkListResponse taken;
  ASSERT_TRUE(CheckOut(mate, false, &taken).ok());
  EXPECT_EQ(taken.taken_from_phones(), 0);
  ListMyWalkListsResponse mine;
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(mate).get(), {}, &mine).ok());
  EXPECT_EQ(mine.walk_lists(0).phones_out(), 2);
  EXPECT_TRUE(mine.walk_lists(0).out_here());
  const std::string third = field_.MakePhone(field_.canvasser);
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(third).get(), {}, &mine).ok());
  EXPECT_FALSE(mine.walk_lists(0).out_here());
  ASSERT_TRUE(CheckOut(third, true, &taken).ok());
  EXPECT_EQ(taken.taken_from_phones(), 2);
}

TEST_F(Sync, ADownloadGoesOnWhereItWasCut) {
  field_.CheckOut(field_.phone);
  const DownloadWalkListResponse whole = Whole();
  EXPECT_EQ(whole.door_count(), Field::kDoorsOfFirstTurf);
  EXPECT_TRUE(whole.next_page_token().empty());
  DownloadWalkListResponse joined, page;
  std::string token;
  int pages = 0;
  do {
    ASSERT_TRUE(Download(PageOf(4, token), &page).ok());
    if (pages++ == 0) {
      joined = page;
      // Knocks do not make it another list.
      field_.Send({field_.Knock(0), field_.Knock(5)});
      DownloadWalkListResponse again;
      ASSERT_TRUE(Download(PageOf(4), &again).ok());
      EXPECT_EQ(again.version(), page.version());
    } else {
      EXPECT_FALSE(page.has_script());
      for (const ListDoor& door : page.doors()) *joined.add_doors() = door;
    }
    EXPECT_EQ(page.change_token(), joined.change_token());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(pages, 2);
  ASSERT_EQ(joined.doors_size(), whole.doors_size());
  for (int i = 0; i < whole.doors_size(); ++i) {
    joined.mutable_doors(i)->clear_last_result();
    EXPECT_EQ(joined.doors(i).SerializeAsString(), whole.doors(i).SerializeAsString()) << i;
  }
  EXPECT_EQ(joined.version(), whole.version());
  // The token of the first page loses nothing that came between.
  EXPECT_EQ(Read(joined.change_token()).changes_size(), 2);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'walk_list.download'"), 3)
      << "first pages only";
}

TEST_F(Sync, ADownloadOfAListThatChangedBeginsAnew) {
  field_.CheckOut(field_.phone);
  const std::string changes[] = {
      absl::StrCat("update person set last_name = 'Married' where person_id = ", field_.people[0]),
      absl::StrCat("update person set door_id = null where person_id = ", field_.people[1]),
      absl::StrCat(
          "update address_point set house_number = '7b' where address_point_id = (select address_point_id from "
          "door where door_id = ",
          field_.doors[3], ")"),
      absl::StrCat("update door set do_not_contact = true where door_id = ", field_.doors[4]),
      absl::StrCat("delete from turf_door where door_id = ", field_.doors[5])};
  for (const std::string& change : changes) {
    DownloadWalkListResponse page;
    ASSERT_TRUE(Download(PageOf(2), &page).ok());
    field_.Execute(change);
    const grpc::Status status = Download(PageOf(2, page.next_page_token()), &page);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION) << change;
    EXPECT_EQ(ReasonOf(status), "FETCH_AGAIN") << change;
  }
}

TEST_F(Sync, ADownloadOfAKnownVersionBringsResultsOnly) {
  field_.CheckOut(field_.phone);
  const DownloadWalkListResponse whole = Whole();
  field_.Send({field_.Knock(1)});
  DownloadWalkListRequest request;
  request.set_known_version(whole.version());
  DownloadWalkListResponse again;
  ASSERT_TRUE(Download(request, &again).ok());
  EXPECT_TRUE(again.not_modified());
  EXPECT_EQ(again.version(), whole.version());
  ASSERT_EQ(again.doors_size(), whole.doors_size());
  EXPECT_EQ(again.doors(1).door_id(), whole.doors(1).door_id());
  EXPECT_EQ(again.doors(1).last_result(), KNOCK_RESULT_NOT_HOME);
  EXPECT_EQ(again.doors(1).people_size(), 0);
  EXPECT_LT(again.ByteSizeLong(), whole.ByteSizeLong() / 2);
  field_.Execute(absl::StrCat("update person set party = 'IND' where person_id = ", field_.people[0]));
  ASSERT_TRUE(Download(request, &again).ok());
  EXPECT_FALSE(again.not_modified());
  EXPECT_NE(again.version(), whole.version());
  EXPECT_EQ(again.doors(0).people_size(), 2);
}

TEST_F(Sync, ADownloadRefusesPagesThatAreNotItsOwn) {
  field_.CheckOut(field_.phone);
  DownloadWalkListResponse page;
  EXPECT_EQ(ReasonOf(Download(PageOf(2, "nonsense"), &page)), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Download(PageOf(501), &page)), "PAGE_SIZE_OUT_OF_RANGE");
  field_.Execute(absl::StrCat("update walk_list set leader_id = ", field_.leader.value));
  ASSERT_TRUE(Download(PageOf(2), &page).ok());
  field_.CheckOut(field_.phone, 2);
  DownloadWalkListRequest other = PageOf(2, page.next_page_token());
  other.set_list_number(field_.lists[1]);
  EXPECT_EQ(ReasonOf(field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), other, &page)),
            "PAGE_TOKEN_INVALID");
}

TEST_F(Sync, AWaitingPhoneLearnsOfATeamMatesDoorWithinASecond) {
  const std::string mate = field_.MakePhone(field_.leader);
  field_.CheckOut(field_.phone);
  field_.CheckOut(mate);
  const std::string token = Whole().change_token();
  absl::Time sent;
  std::thread team_mate([&] {
    absl::SleepFor(absl::Milliseconds(700));
    sent = absl::Now();
    field_.Send({field_.Knock(3)}, mate);
  });
  WaitChangesResponse response;
  const grpc::Status status = Wait(token, 20, &response);
  const absl::Time learned = absl::Now();
  team_mate.join();
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.changes(0).door_id(), field_.doors[3]);
  EXPECT_LT(learned - sent, absl::Seconds(2));
  EXPECT_EQ(response.poll_after_s(), 0);
  // Cut and asked again with the same token, it gets the same at once.
  WaitChangesResponse again;
  ASSERT_TRUE(Wait(token, 20, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), response.SerializeAsString());
}

// What another server stored rings no bell here; a look a second finds it.
TEST_F(Sync, AWaitingPhoneLearnsWhatAnotherServerStored) {
  field_.CheckOut(field_.phone);
  const std::string token = Whole().change_token();
  const int64_t list_id = field_.Count("select min(walk_list_id) from walk_list");
  std::thread other_server([&] {
    absl::SleepFor(absl::Milliseconds(500));
    auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(db::AppendChanges(*transaction,
                                  {{.kind = db::ChangeKind::kListRevoked, .walk_list = base::WalkListId(list_id)}})
                    .ok());
    ASSERT_TRUE(transaction->Commit().ok());
  });
  WaitChangesResponse response;
  const absl::Time before = absl::Now();
  ASSERT_TRUE(Wait(token, 20, &response).ok());
  other_server.join();
  EXPECT_EQ(response.changes_size(), 1);
  EXPECT_LT(absl::Now() - before, absl::Seconds(4));
}

TEST_F(Sync, AWaitEndsWithItsTimeItsCallerOrItsServer) {
  field_.CheckOut(field_.phone);
  const std::string token = Whole().change_token();
  WaitChangesResponse response;
  absl::Time before = absl::Now();
  ASSERT_TRUE(Wait(token, 1, &response).ok());
  EXPECT_EQ(response.changes_size(), 0);
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(900));
  EXPECT_LT(absl::Now() - before, absl::Seconds(4));
  EXPECT_EQ(ReasonOf(Wait(token, 51, &response)), "WAIT_OUT_OF_RANGE");

  rpc::Draining draining;
  canvass::ChangeBell bell;
  canvass::ChangeWaiters waiters(&field_.database.pool(), bell, draining);
  WaitChangesRequest request;
  request.set_change_token(token);
  const auto phone = base::PhoneId(field_.Count("select min(phone_id) from phone"));
  std::atomic<bool> gone = false;
  db::Scope scope{.campaign = field_.campaign.campaign, .read_only = true, .one_snapshot = true, .cancelled = [&gone] {
                    return gone.load();
                  }};
  std::thread leaver([&] {
    absl::SleepFor(absl::Milliseconds(300));
    gone = true;
  });
  EXPECT_TRUE(absl::IsCancelled(waiters.Wait(scope, phone, request).status()));
  leaver.join();
  gone = false;
  draining.Begin();
  before = absl::Now();
  const auto drained = waiters.Wait(scope, phone, request);
  ASSERT_TRUE(drained.ok()) << drained.status();
  EXPECT_LT(absl::Now() - before, absl::Seconds(2));
  EXPECT_GT(drained->poll_after_s(), 0);
}

TEST_F(Sync, OnlySoManyWaitAndTheOthersAreToldWhenToAsk) {
  field_.CheckOut(field_.phone);
  const std::string token = Whole().change_token();
  canvass::ChangeBell bell;
  canvass::ChangeWaiters waiters(&field_.database.pool(), bell, rpc::Draining::Never(), 2);
  WaitChangesRequest request;
  request.set_change_token(token);
  request.set_wait_s(2);
  const auto phone = base::PhoneId(field_.Count("select min(phone_id) from phone"));
  const db::Scope scope{.campaign = field_.campaign.campaign, .read_only = true, .one_snapshot = true};
  std::atomic<int> sent_away = 0, waited = 0;
  std::vector<std::thread> phones;
  for (int i = 0; i < 6; ++i) {
    phones.emplace_back([&] {
      const auto response = waiters.Wait(scope, phone, request);
      ASSERT_TRUE(response.ok()) << response.status();
      ++(response->poll_after_s() > 0 ? sent_away : waited);
    });
  }
  for (std::thread& thread : phones) thread.join();
  EXPECT_EQ(waited, 2);
  EXPECT_EQ(sent_away, 4);
}

TEST_F(Sync, OldChangesAreTakenAwayAndWhoHasNotReadThemFetchesAgain) {
  field_.CheckOut(field_.phone);
  const std::string old = Whole().change_token();
  field_.Send({field_.Knock(0), field_.Knock(1)});
  field_.Execute("update change set change_time = change_time - interval '40 days'");
  field_.Send({field_.Knock(2)});
  const std::string fresh = Whole().change_token();
  EXPECT_EQ(Prune(field_.clock.Now() - absl::Hours(24 * 30)).value_or(-1), 2);
  EXPECT_EQ(field_.Count("select count(*) from change"), 1);
  ListChangesRequest request;
  request.set_change_token(old);
  ListChangesResponse response;
  const grpc::Status status = field_.canvass().ListChanges(field_.As(field_.phone).get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "FETCH_AGAIN");
  EXPECT_EQ(Read(fresh).changes_size(), 0);
  EXPECT_EQ(Read("").changes_size(), 1) << "from the start of what is kept";
  EXPECT_EQ(field_.Count("select count(*) from knock"), 3) << "the knocks stay";
}

TEST_F(Sync, OneServerAtATimePrunes) {
  field_.CheckOut(field_.phone);
  for (int i = 0; i < 8; ++i) field_.Send({field_.Knock(i % 6)});
  const absl::Time future = field_.clock.Now() + absl::Hours(1);
  std::atomic<int64_t> pruned = 0;
  std::vector<std::thread> servers;
  for (int i = 0; i < 4; ++i) servers.emplace_back([&] { pruned += Prune(future).value_or(-100); });
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(pruned, 8);
  field_.Send({field_.Knock(0)});
  EXPECT_EQ(Prune(future).value_or(-1), 0) << "the claim has not run out";
  field_.clock.Advance(canvass::kUpkeepClaimTime + absl::Seconds(1));
  EXPECT_EQ(Prune(future).value_or(-1), 1);
}

TEST_F(Sync, AKnockThatIsTakenBackLeavesNothingButItsRecord) {
  field_.CheckOut(field_.phone);
  const std::string token = Whole().change_token();
  const Knock wrong = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  const Knock undo = Undo(wrong);
  field_.Send({wrong});
  EXPECT_EQ(Read(token).changes(0).result(), KNOCK_RESULT_CANVASSED);
  EXPECT_EQ(field_.Send({undo})[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(field_.Send({undo})[0].outcome(), KNOCK_OUTCOME_DUPLICATE);
  EXPECT_EQ(Whole().doors(0).last_result(), KNOCK_RESULT_UNSPECIFIED);
  const ListChangesResponse news = Read(token);
  EXPECT_EQ(news.changes().rbegin()->door_id(), field_.doors[0]);
  EXPECT_EQ(news.changes().rbegin()->result(), KNOCK_RESULT_UNSPECIFIED);
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'open'"), 0);
  EXPECT_EQ(field_.Count("select count(*) from knock"), 2);
  GetResultsResponse results;
  ASSERT_TRUE(field_.canvass().GetResults(field_.As(field_.campaign.owner_token).get(), {}, &results).ok());
  EXPECT_EQ(results.knocks(), 0);
  EXPECT_EQ(results.doors_knocked(), 0);
}

TEST_F(Sync, WhatTakesAKnockBackSaysNothingElse) {
  field_.CheckOut(field_.phone);
  const Knock wrong = field_.Knock(0);
  field_.Send({wrong});
  Knock with_result = Undo(wrong);
  with_result.set_result(KNOCK_RESULT_REFUSED);
  Knock of_nothing = Undo(wrong);
  of_nothing.clear_corrects_knock_id();
  EXPECT_EQ(field_.Send({with_result})[0].reason(), "UNDO_SAYS_MORE");
  EXPECT_EQ(field_.Send({of_nothing})[0].reason(), "UNDO_OF_NOTHING");
}

TEST_F(Sync, ARevokedListNamesTheOneInItsPlace) {
  field_.CheckOut(field_.phone);
  field_.Execute(absl::StrCat("update walk_list set revoke_time = now() where list_number = '", field_.lists[0], "'"));
  field_.Execute(absl::StrCat(
      "insert into walk_list (campaign_id, turf_id, leader_id, list_number, replaces_walk_list_id) select campaign_id, "
      "turf_id, leader_id, '00000000', walk_list_id from walk_list where list_number = '",
      field_.lists[0], "'"));
  const int64_t list_id = field_.Count("select min(walk_list_id) from walk_list");
  auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  ASSERT_TRUE(
      db::AppendChanges(*transaction, {{.kind = db::ChangeKind::kListRevoked, .walk_list = base::WalkListId(list_id)}})
          .ok());
  ASSERT_TRUE(transaction->Commit().ok());
  const ListChangesResponse news = Read("");
  ASSERT_EQ(news.changes_size(), 1);
  EXPECT_EQ(news.changes(0).replaced_by_list_number(), "00000000");
}

TEST_F(Sync, PhonesAreToldThatAListMayHaveChanged) {
  field_.CheckOut(field_.phone);
  const std::string token = Whole().change_token();
  auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  ASSERT_TRUE(db::WriteListsChanged(*transaction, field_.clock.Now()).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  const ListChangesResponse news = Read(token);
  ASSERT_EQ(news.changes_size(), 1) << "of the lists that are out";
  EXPECT_EQ(news.changes(0).kind(), CHANGE_KIND_LIST_CHANGED);
}

}  // namespace
}  // namespace snowfield::tests
