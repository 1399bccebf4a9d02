// Meetings: made by their host or whoever leads them, with invitations, answers, a waiting list and attendance.
//
// Who may act on the host's branch may act on the meeting; a member who is invited may see it and answer for
// themselves. What happened there moves people up the ladder: who came has attended, the host has hosted, and a
// training that names a module completes it. Thread safety: all functions from any thread, as the pool's.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "snowfield/organizing/v1/meetings.pb.h"

namespace snowfield::organizing {

inline constexpr int kMeetingTitleCharactersMax = 200;
inline constexpr int kMeetingPlaceCharactersMax = 300;
inline constexpr int kMeetingCapacityDefault = 12;
inline constexpr int kMeetingCapacityMax = 500;
inline constexpr absl::Duration kMeetingTimeMax = absl::Hours(24 * 7);
inline constexpr int kInvitationsMax = 500;

// INVALID_ARGUMENT KIND_UNKNOWN, NAME_LENGTH, TOO_LONG, TIME_MISSING, TIME_OUT_OF_RANGE, TIME_ZONE_UNKNOWN,
// CAPACITY_OUT_OF_RANGE, MODULE_UNKNOWN; NOT_FOUND; PERMISSION_DENIED NOT_YOUR_BRANCH.
absl::StatusOr<v1::CreateMeetingResponse> CreateMeeting(db::Pool& pool, const access::Call& call,
                                                        const v1::CreateMeetingRequest& request, absl::Time now);
// As CreateMeeting; FAILED_PRECONDITION CAPACITY_TAKEN, MEETING_CANCELLED.
absl::StatusOr<v1::UpdateMeetingResponse> UpdateMeeting(db::Pool& pool, const access::Call& call,
                                                        const v1::UpdateMeetingRequest& request, absl::Time now);
absl::StatusOr<v1::GetMeetingResponse> GetMeeting(db::Pool& pool, const access::Call& call,
                                                  const v1::GetMeetingRequest& request);
absl::StatusOr<v1::ListMeetingsResponse> ListMeetings(db::Pool& pool, const access::Call& call,
                                                      const v1::ListMeetingsRequest& request, absl::Time now);
// INVALID_ARGUMENT INVITATIONS_OUT_OF_RANGE; FAILED_PRECONDITION MEETING_CANCELLED, MEMBER_LEFT, DO_NOT_CONTACT (also
// for a person who is not there); NOT_FOUND; PERMISSION_DENIED.
absl::StatusOr<v1::InviteToMeetingResponse> InviteToMeeting(db::Pool& pool, const access::Call& call,
                                                            const v1::InviteToMeetingRequest& request, absl::Time now);
absl::StatusOr<v1::AnswerInvitationResponse> AnswerInvitation(db::Pool& pool, const access::Call& call,
                                                              const v1::AnswerInvitationRequest& request,
                                                              absl::Time now);
// FAILED_PRECONDITION MEETING_CANCELLED, NOT_BEGUN; INVALID_ARGUMENT GUEST_UNKNOWN.
absl::StatusOr<v1::RecordAttendanceResponse> RecordAttendance(db::Pool& pool, const access::Call& call,
                                                              const v1::RecordAttendanceRequest& request,
                                                              absl::Time now);
absl::StatusOr<v1::ExportMeetingResponse> ExportMeeting(db::Pool& pool, const access::Call& call,
                                                        const v1::ExportMeetingRequest& request, absl::Time now);

}  // namespace snowfield::organizing
