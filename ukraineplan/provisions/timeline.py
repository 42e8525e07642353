"""Days between dates: a deadline, two treaties, the end of a guarantee, accession to the European Union."""

from ukraineplan.units import Chapters, Date, Days, DaysPerChapter


def days_to_answer_deadline(answer_deadline: Date, draft_published: Date) -> Days:
    """Days from the draft to the deadline for an answer"""
    return answer_deadline - draft_published


def days_to_deadline_withdrawal(answer_deadline_withdrawn: Date, draft_published: Date) -> Days:
    """Days from the draft until its deadline did not stand"""
    return answer_deadline_withdrawn - draft_published


def deadline_days_left_at_withdrawal(answer_deadline: Date, answer_deadline_withdrawn: Date) -> Days:
    """Days left of the deadline when it did not stand any more"""
    return answer_deadline - answer_deadline_withdrawn


def new_start_days_left(new_start_end: Date, draft_published: Date) -> Days:
    """Days from the draft to the end of New START"""
    return new_start_end - draft_published


def start1_days_since_end(draft_published: Date, start1_end: Date) -> Days:
    """Days from the end of START I to the draft"""
    return draft_published - start1_end


def guarantee_expiry(signature_date: Date, guarantee_days: Days) -> Date:
    """Day on which the security guarantee ends

    Counted from signature; a renewal moves it.
    """
    return signature_date + guarantee_days


def companion_guarantee_expiry(signature_date: Date, companion_guarantee_days: Days) -> Date:
    """Guarantee's end by the companion draft

    For comparison: the companion draft's term, from the same day of signature.
    """
    return signature_date + companion_guarantee_days


def bilateral_guarantee_expiry(signature_date: Date, bilateral_guarantee_days: Days) -> Date:
    """Guarantee's end by the term in a second document

    For comparison: the term of a document beside the texts, from the same day of signature.
    """
    return signature_date + bilateral_guarantee_days


def shortest_requested_guarantee_expiry(signature_date: Date, shortest_requested_guarantee_days: Days) -> Date:
    """Guarantee's end by the shortest term in a request

    For comparison: a term that was asked for, from the same day of signature.
    """
    return signature_date + shortest_requested_guarantee_days


def longest_requested_guarantee_expiry(signature_date: Date, longest_requested_guarantee_days: Days) -> Date:
    """Guarantee's end by the longest term in a request

    For comparison: a term that was asked for, from the same day of signature.
    """
    return signature_date + longest_requested_guarantee_days


def eu_accession_days(eu_accession_date: Date, signature_date: Date) -> Days:
    """Days from signature to accession

    Below zero where the day of signature comes after the date.
    """
    return eu_accession_date - signature_date


def eu_accession_days_per_chapter(eu_accession_days: Days, eu_chapters: Chapters) -> DaysPerChapter:
    """Days for each chapter of accession

    If the chapters were taken one after another from signature on; several can be open at once.
    """
    return eu_accession_days / eu_chapters
